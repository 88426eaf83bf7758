-- An issue tracker: joins of two to four tables, outer joins, EXISTS; partial and expression indexes.
CREATE TABLE project (
  id integer PRIMARY KEY,
  key text NOT NULL UNIQUE,
  archived boolean NOT NULL
);
CREATE TABLE person (
  id integer PRIMARY KEY,
  email text NOT NULL,
  team smallint
);
CREATE TABLE issue (
  id integer PRIMARY KEY,
  project_id integer NOT NULL REFERENCES project,
  reporter_id integer NOT NULL REFERENCES person,
  assignee_id integer REFERENCES person,
  status text NOT NULL,
  severity smallint NOT NULL,
  opened_on date NOT NULL
);
CREATE TABLE comment (
  id integer PRIMARY KEY,
  issue_id integer NOT NULL REFERENCES issue,
  author_id integer NOT NULL REFERENCES person,
  length integer NOT NULL,
  deleted boolean NOT NULL
);
CREATE INDEX issue_project_opened ON issue (project_id, opened_on);
CREATE INDEX issue_assignee_open ON issue (assignee_id) WHERE status <> 'closed';
CREATE INDEX issue_blocker ON issue (opened_on) WHERE severity = 1 AND status = 'open';
CREATE INDEX issue_reporter ON issue (reporter_id);
CREATE INDEX person_email ON person (lower(email));
CREATE INDEX comment_issue ON comment (issue_id);
CREATE INDEX comment_author ON comment (author_id);
CREATE INDEX comment_month ON comment ((length / 100));
