-- Whether an activity had been done by as-of: what does not say whether it was done, as meetings do not, counts once its time has come.
-- arguments: is_done, occurred_at, as_of
coalesce(is_done, true) and occurred_at <= as_of
