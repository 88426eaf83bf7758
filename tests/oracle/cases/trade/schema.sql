-- A wholesale trade: joins of up to eight tables, as decision support asks. Also what `benches` plans.
CREATE TABLE continent (
  id integer PRIMARY KEY,
  name text NOT NULL
);
CREATE TABLE country (
  id integer PRIMARY KEY,
  continent_id integer NOT NULL REFERENCES continent,
  name text NOT NULL
);
CREATE TABLE maker (
  id integer PRIMARY KEY,
  country_id integer NOT NULL REFERENCES country,
  balance numeric(10,2) NOT NULL,
  remark text NOT NULL
);
CREATE TABLE client (
  id integer PRIMARY KEY,
  country_id integer NOT NULL REFERENCES country,
  sector text NOT NULL,
  phone text NOT NULL,
  balance numeric(10,2) NOT NULL
);
CREATE TABLE product (
  id integer PRIMARY KEY,
  brand text NOT NULL,
  material text NOT NULL,
  size integer NOT NULL,
  packing text NOT NULL
);
CREATE TABLE offer (
  product_id integer NOT NULL REFERENCES product,
  maker_id integer NOT NULL REFERENCES maker,
  stock integer NOT NULL,
  price numeric(10,2) NOT NULL,
  PRIMARY KEY (product_id, maker_id)
);
CREATE TABLE contract (
  id integer PRIMARY KEY,
  client_id integer NOT NULL REFERENCES client,
  state char(1) NOT NULL,
  signed date NOT NULL,
  urgency text NOT NULL
);
CREATE TABLE delivery (
  contract_id integer NOT NULL REFERENCES contract,
  number integer NOT NULL,
  product_id integer NOT NULL,
  maker_id integer NOT NULL,
  pieces integer NOT NULL,
  amount numeric(10,2) NOT NULL,
  rebate numeric(4,2) NOT NULL,
  refused boolean NOT NULL,
  sent date NOT NULL,
  due date NOT NULL,
  arrived date NOT NULL,
  way text NOT NULL,
  PRIMARY KEY (contract_id, number)
);
CREATE INDEX delivery_product ON delivery (product_id, maker_id);
CREATE INDEX delivery_sent ON delivery (sent);
CREATE INDEX contract_client ON contract (client_id);
CREATE INDEX contract_signed ON contract (signed);
CREATE INDEX offer_maker ON offer (maker_id);
CREATE INDEX client_country ON client (country_id);
