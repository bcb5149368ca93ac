-- The calendar day of a moment in UTC, by the clock of a time zone; NULL for a zone means UTC.
-- arguments: moment, zone
case when zone <> 'UTC' then timezone(zone, timezone('UTC', moment))::date else moment::date end
