CREATE INDEX pupil_class ON pupil (class);
CREATE INDEX mark_subject ON mark (subject, given);
CREATE INDEX absence_pupil_day ON absence (pupil_id, day);
CREATE INDEX absence_not_excused ON absence (day) WHERE NOT excused;
CREATE INDEX absence_day ON absence (day) INCLUDE (excused);
