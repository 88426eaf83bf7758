-- A warehouse, with two workers for every query.
CREATE TABLE article (
  id integer PRIMARY KEY,
  category smallint NOT NULL,
  weight integer NOT NULL
);
CREATE TABLE movement (
  id integer PRIMARY KEY,
  article_id integer NOT NULL,
  shelf integer NOT NULL,
  kind smallint NOT NULL,
  pieces integer NOT NULL,
  note text NOT NULL
);
CREATE INDEX movement_article ON movement (article_id);
CREATE INDEX movement_shelf ON movement (shelf, pieces);
