-- High end of Wilson's 95 % interval of a rate seen in so many trials; NULL without a rate or trials.
-- arguments: rate, trials
case
    when rate is not null and trials > 0 then least(
        (
            rate + 3.841458820694124 / (2 * trials)
            + 1.959963984540054 * sqrt(greatest(rate * (1 - rate), 0) / trials + 3.841458820694124 / (4 * trials * trials))
        ) / (1 + 3.841458820694124 / trials),
        1
    )
end
