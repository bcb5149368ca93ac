-- The domain of the page that somebody came from, without `www.`; '' for none.
-- arguments: referrer
coalesce(regexp_extract(lower(referrer), '^(?:[a-z+.-]+:)?(?://)?(?:www\.)?([^/?#:\s]+)', 1), '')
