-- name: prefix
SELECT id, title FROM track WHERE title LIKE 'a1b%';
-- name: short_prefix
SELECT id, title FROM track WHERE title LIKE 'f%';
-- name: exact_pattern
SELECT id FROM track WHERE title LIKE 'c4ca4238a0';
-- name: prefix_and_more
SELECT id FROM track WHERE title LIKE 'ab%9';
-- name: contains
SELECT id FROM track WHERE title LIKE '%cafe%';
-- name: not_like
SELECT count(*) FROM track WHERE artist NOT LIKE 'Artist c%';
-- name: case_does_not_matter
SELECT id FROM track WHERE title ILIKE 'AB%';
-- name: regular_expression
SELECT id FROM track WHERE title ~ '^dead';
-- name: text_range
SELECT id FROM track WHERE title >= 'e0' AND title < 'e2';
-- name: of_artist
SELECT id FROM track WHERE artist = 'Artist cfcd2';
-- name: newest_of_artist
SELECT title, year FROM track WHERE artist = 'Artist c4ca4' ORDER BY year DESC LIMIT 5;
-- name: genre_and_years
SELECT title FROM track WHERE genre = 'genre 3' AND year BETWEEN 1990 AND 1992;
-- name: genres_and_year
SELECT title FROM track WHERE genre IN ('genre 8', 'genre 11') AND year = 2010;
-- name: rating_not_null
SELECT count(*) FROM track WHERE rating > 4;
-- name: per_genre
SELECT genre, count(*), avg(seconds) FROM track GROUP BY genre;
-- name: per_artist
SELECT artist, count(*) FROM track GROUP BY artist;
-- name: per_artist_in_order
SELECT artist, count(*) FROM track GROUP BY artist ORDER BY artist;
-- name: per_genre_and_year
SELECT genre, year, sum(seconds) FROM track GROUP BY genre, year;
-- name: busy_artists
SELECT artist FROM track GROUP BY artist HAVING count(*) > 100;
-- name: per_decade
SELECT year / 10, count(*) FROM track GROUP BY year / 10 ORDER BY 1;
-- name: most_common_artists
SELECT artist, count(*) FROM track GROUP BY artist ORDER BY count(*) DESC LIMIT 10;
-- name: distinct_genres
SELECT DISTINCT genre FROM track;
-- name: distinct_pairs
SELECT DISTINCT artist, genre FROM track WHERE year > 2015;
-- name: one_of_each_artist
SELECT DISTINCT ON (artist) artist, title, year FROM track ORDER BY artist, year DESC;
-- name: count_distinct
SELECT count(DISTINCT artist) FROM track WHERE genre = 'genre 2';
-- name: rank_in_genre
SELECT title, rank() OVER (PARTITION BY genre ORDER BY rating DESC) FROM track WHERE year = 2020;
-- name: running_sum
SELECT id, sum(seconds) OVER (ORDER BY id) FROM track WHERE artist = 'Artist cfcd2';
-- name: first_two_of_artist
SELECT * FROM (SELECT artist, title, row_number() OVER (PARTITION BY artist ORDER BY year DESC) AS n FROM track) t WHERE n <= 2;
-- name: longest
SELECT * FROM track ORDER BY seconds DESC LIMIT 10;
-- name: sorted_by_two
SELECT artist, title FROM track ORDER BY artist, title;
