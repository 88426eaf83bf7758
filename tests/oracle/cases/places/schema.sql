CREATE TABLE job (
  id integer PRIMARY KEY,
  queue text NOT NULL,
  due timestamp NOT NULL,
  payload text NOT NULL
);
CREATE INDEX job_due ON job (due);
CREATE TABLE run (
  id integer PRIMARY KEY,
  job_id integer NOT NULL,
  place tid NOT NULL,
  took integer
);
CREATE INDEX run_job ON run (job_id);
