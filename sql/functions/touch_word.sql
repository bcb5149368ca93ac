-- A word by which systems say where something came from, comparable: lower case, `_` for a space, '' for none.
-- arguments: said
coalesce(replace(lower(trim(said)), '_', ' '), '')
