-- A school: correlated subqueries, LATERAL, recursion, set operations. The model knows the indexes of
-- indexes.sql as hypothetical ones only.
CREATE TABLE pupil (
  id integer PRIMARY KEY,
  class text NOT NULL,
  born date NOT NULL,
  mentor_id integer
);
CREATE TABLE mark (
  pupil_id integer NOT NULL,
  subject smallint NOT NULL,
  given date NOT NULL,
  mark numeric(2,1) NOT NULL,
  PRIMARY KEY (pupil_id, subject, given)
);
CREATE TABLE absence (
  id integer PRIMARY KEY,
  pupil_id integer NOT NULL,
  day date NOT NULL,
  excused boolean NOT NULL
);
