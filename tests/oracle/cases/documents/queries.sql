-- name: by_token
SELECT id FROM document WHERE token = '0123456789ab';
-- name: with_tag
SELECT id FROM document WHERE tags @> '{7}';
-- name: with_both_tags
SELECT id FROM document WHERE tags @> '{7,120}';
-- name: with_either_tag
SELECT id FROM document WHERE tags && '{98,99}';
-- name: tag_is_any
SELECT id FROM document WHERE 7 = ANY (tags);
-- name: attribute
SELECT id FROM document WHERE attributes @> '{"author": "a5"}';
-- name: author
SELECT id FROM document WHERE attributes ->> 'author' = 'a250';
-- name: has_pages
SELECT id FROM document WHERE attributes ? 'pages';
-- name: word
SELECT id FROM document WHERE words @@ 'w3'::tsquery;
-- name: two_words
SELECT id FROM document WHERE words @@ 'w3 & v9'::tsquery AND public;
-- name: tag_of_public
SELECT id FROM document WHERE tags @> '{3}' AND public;
-- name: ids_in_array
SELECT id FROM document WHERE id = ANY ('{1,22,333,4444}'::integer[]);
