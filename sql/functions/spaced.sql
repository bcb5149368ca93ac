-- The words of a text in small letters, each between two spaces, for patterns such as `% price %`.
-- arguments: said
concat(' ', trim(regexp_replace(lower(said), '[^\p{L}\p{N}]+', ' ', 'g')), ' ')
