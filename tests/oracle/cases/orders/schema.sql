-- Orders on a server with little memory and a fast disk: hash joins in batches, sorts on disk.
CREATE TABLE customer (
  id integer PRIMARY KEY,
  region smallint NOT NULL,
  name text NOT NULL
);
CREATE TABLE purchase (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL,
  placed date NOT NULL,
  state smallint NOT NULL
);
CREATE TABLE line (
  purchase_id integer NOT NULL,
  number smallint NOT NULL,
  article integer NOT NULL,
  price numeric(8,2) NOT NULL,
  PRIMARY KEY (purchase_id, number)
);
CREATE INDEX purchase_customer ON purchase (customer_id);
CREATE INDEX purchase_placed ON purchase (placed);
CREATE INDEX line_article ON line (article);
