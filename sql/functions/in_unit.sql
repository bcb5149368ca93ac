-- A number that somebody wrote for a metric, in the metric's unit: a rate over 1 was meant in percent.
-- arguments: said, unit
case when unit = 'rate' and said > 1 then said / 100 else said end
