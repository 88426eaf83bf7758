-- Partitions by list, with a default and with partitions of a partition; by hash; and tables that inherit.
CREATE TABLE depot (
  id integer PRIMARY KEY,
  region text NOT NULL,
  opened date NOT NULL
);
CREATE TABLE parcel (
  id bigint NOT NULL,
  region text NOT NULL,
  depot_id integer NOT NULL,
  sent date NOT NULL,
  grams integer
) PARTITION BY LIST (region);
CREATE TABLE parcel_north PARTITION OF parcel FOR VALUES IN ('north');
CREATE TABLE parcel_coast PARTITION OF parcel FOR VALUES IN ('east', 'west') PARTITION BY RANGE (sent);
CREATE TABLE parcel_coast_old PARTITION OF parcel_coast FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE parcel_coast_new PARTITION OF parcel_coast FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
CREATE TABLE parcel_other PARTITION OF parcel DEFAULT;
CREATE INDEX parcel_depot ON parcel (depot_id);
CREATE INDEX parcel_sent ON parcel (sent);
CREATE TABLE label (
  parcel_id bigint NOT NULL,
  printed timestamp NOT NULL,
  text text NOT NULL
) PARTITION BY HASH (parcel_id);
CREATE TABLE label_0 PARTITION OF label FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE label_1 PARTITION OF label FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE label_2 PARTITION OF label FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE INDEX label_parcel ON label (parcel_id);
CREATE TABLE vehicle (
  id integer NOT NULL,
  depot_id integer NOT NULL,
  bought date NOT NULL
);
CREATE TABLE truck (
  tons smallint NOT NULL
) INHERITS (vehicle);
CREATE TABLE bicycle (
  gears smallint NOT NULL
) INHERITS (vehicle);
CREATE INDEX vehicle_id ON vehicle (id);
CREATE INDEX truck_id ON truck (id);
CREATE INDEX truck_depot ON truck (depot_id);
CREATE INDEX bicycle_id ON bicycle (id);
