-- A lending library: lookups in one table.
CREATE TABLE loan (
  id integer PRIMARY KEY,
  branch smallint NOT NULL,          -- 12, uneven
  desk smallint NOT NULL,            -- follows from the branch
  reader integer NOT NULL,
  book integer NOT NULL,
  taken_on date NOT NULL,            -- rises with id
  returned_on date,                  -- absent for one in ten
  fine numeric(6,2) NOT NULL,        -- mostly 0
  overdue boolean NOT NULL
);
CREATE INDEX loan_reader ON loan (reader);
CREATE INDEX loan_branch_taken ON loan (branch, taken_on);
CREATE INDEX loan_taken ON loan (taken_on);
CREATE INDEX loan_book_reader ON loan (book, reader);
CREATE INDEX loan_returned ON loan (returned_on);
