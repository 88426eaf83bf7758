-- A music collection: text, prefixes, grouping, DISTINCT, window functions.
CREATE TABLE track (
  id integer PRIMARY KEY,
  artist text COLLATE "C" NOT NULL,   -- 800, uneven
  title text COLLATE "C" NOT NULL,    -- unique
  genre text NOT NULL,                -- 14
  year smallint NOT NULL,
  seconds integer NOT NULL,
  rating real
);
CREATE INDEX track_artist ON track (artist);
CREATE INDEX track_title ON track (title);
CREATE INDEX track_genre_year ON track (genre, year);
CREATE INDEX track_artist_year ON track (artist, year DESC);
