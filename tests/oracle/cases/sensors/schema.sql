-- Measurements in a table with a partition for every quarter.
CREATE TABLE sensor (
  id integer PRIMARY KEY,
  room text NOT NULL,
  floor smallint NOT NULL
);
CREATE TABLE measurement (
  sensor_id integer NOT NULL,
  taken timestamp NOT NULL,
  kind smallint NOT NULL,
  value real NOT NULL
) PARTITION BY RANGE (taken);
CREATE TABLE measurement_q1 PARTITION OF measurement FOR VALUES FROM ('2024-01-01') TO ('2024-04-01');
CREATE TABLE measurement_q2 PARTITION OF measurement FOR VALUES FROM ('2024-04-01') TO ('2024-07-01');
CREATE TABLE measurement_q3 PARTITION OF measurement FOR VALUES FROM ('2024-07-01') TO ('2024-10-01');
CREATE INDEX measurement_sensor_taken ON measurement (sensor_id, taken);
CREATE INDEX measurement_taken ON measurement (taken);
