-- A regular expression of patterns with `*`, `?` and `|`, in lower case; NULL for no pattern.
-- arguments: texts
case
    when trim(texts) <> '' then '(' || replace(replace(
        regexp_replace(regexp_replace(replace(lower(trim(texts)), '_', ' '), '([.+(){}^$\\])', '\\\1', 'g'), '\s*\|\s*', '|', 'g'), '*', '.*'
    ), '?', '.') || ')'
end
