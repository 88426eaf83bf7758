-- Documents with tags, attributes and words: GIN, hash.
CREATE TABLE document (
  id integer PRIMARY KEY,
  token text NOT NULL,
  tags integer[] NOT NULL,
  attributes jsonb NOT NULL,
  words tsvector NOT NULL,
  public boolean NOT NULL
);
CREATE INDEX document_token ON document USING hash (token);
CREATE INDEX document_tags ON document USING gin (tags);
CREATE INDEX document_attributes ON document USING gin (attributes jsonb_path_ops);
CREATE INDEX document_words ON document USING gin (words);
CREATE INDEX document_author ON document ((attributes ->> 'author'));
