-- A word of core.lifecycle_words: small letters and digits only; NULL for none.
-- arguments: said
nullif(regexp_replace(lower(strip_accents(said)), '[^a-z0-9]', '', 'g'), '')
