-- What happened, in a table for each kind, read together through UNION ALL.
CREATE TABLE account (
  id integer PRIMARY KEY,
  owner text NOT NULL,
  opened date NOT NULL
);
CREATE TABLE payment (
  id bigint PRIMARY KEY,
  account_id integer NOT NULL,
  at timestamp NOT NULL,
  cents bigint NOT NULL,
  note varchar(60)
);
CREATE TABLE refund (
  id bigint PRIMARY KEY,
  account integer NOT NULL,
  at timestamp NOT NULL,
  cents bigint NOT NULL,
  payment_id bigint NOT NULL
);
CREATE TABLE fee (
  account_id integer NOT NULL,
  at timestamp NOT NULL,
  cents bigint NOT NULL,
  waived boolean NOT NULL
);
CREATE INDEX payment_account ON payment (account_id);
CREATE INDEX payment_at ON payment (at);
CREATE INDEX refund_account ON refund (account);
CREATE INDEX refund_at ON refund (at);
CREATE INDEX fee_account_at ON fee (account_id, at);
CREATE VIEW entry AS
SELECT 'payment'::text AS kind, account_id, at, cents FROM payment
UNION ALL
SELECT 'refund'::text, account, at, -cents FROM refund;
CREATE VIEW movement AS
SELECT account_id, at, cents FROM payment
UNION ALL
SELECT account, at, cents FROM refund
UNION ALL
SELECT account_id, at, cents FROM fee WHERE NOT waived;
