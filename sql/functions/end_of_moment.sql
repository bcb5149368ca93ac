-- The last moment that a time in UTC may mean: of midnight, which stands for a day whose time nobody noted, the end of that day.
-- arguments: moment, zone
case
    when timezone(zone, timezone('UTC', moment))::time = time '00:00:00'
        then timezone('UTC', timezone(zone, timezone(zone, timezone('UTC', moment)) + interval 1 day)) - interval 1 microsecond
    else moment
end
