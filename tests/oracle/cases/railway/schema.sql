-- A railway: timestamps, an index-only scan over a heap that is only partly visible, unions, CTEs.
CREATE TABLE station (
  code char(3) PRIMARY KEY,
  name text NOT NULL,
  zone smallint NOT NULL
);
CREATE TABLE stop (
  train integer NOT NULL,
  position smallint NOT NULL,
  station char(3) NOT NULL REFERENCES station,
  planned timestamp NOT NULL,
  actual timestamp,
  platform smallint,
  cancelled boolean NOT NULL,
  PRIMARY KEY (train, position)
);
CREATE TABLE ticket (
  id bigint PRIMARY KEY,
  train integer NOT NULL,
  bought timestamptz NOT NULL,
  price numeric NOT NULL,
  class smallint NOT NULL
);
CREATE INDEX stop_station_planned ON stop (station, planned);
CREATE INDEX stop_planned ON stop (planned);
CREATE INDEX stop_platform ON stop (platform);
CREATE INDEX ticket_train ON ticket (train);
CREATE INDEX ticket_bought ON ticket USING brin (bought) WITH (pages_per_range = 16);
CREATE INDEX ticket_price ON ticket (price);
