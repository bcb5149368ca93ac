-- Low end of Wilson's 95 % interval of a rate seen in so many trials; NULL without a rate or trials.
-- Wilson (1927), Probable inference; 1.959963984540054 is the 97.5 % quantile of the normal distribution, 3.841458820694124 its square.
-- arguments: rate, trials
case
    when rate is not null and trials > 0 then greatest(
        (
            rate + 3.841458820694124 / (2 * trials)
            - 1.959963984540054 * sqrt(greatest(rate * (1 - rate), 0) / trials + 3.841458820694124 / (4 * trials * trials))
        ) / (1 + 3.841458820694124 / trials),
        0
    )
end
