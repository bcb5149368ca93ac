-- Low end of the 95 % interval of rate − other_rate, from the Wilson intervals of both. For the high end exchange the two and the sign.
-- Newcombe (1998), Interval estimation for the difference between independent proportions, method 10.
-- arguments: rate, trials, other_rate, other_trials
rate - other_rate - sqrt(
    power(rate - wilson_low(rate, trials), 2) + power(wilson_high(other_rate, other_trials) - other_rate, 2)
)
