-- An amount in base currency, to the cent, at a rate of core.exchange_rates; in decimals, so that no binary fraction decides over a cent,
-- and wide ones, because DuckDB multiplies two narrow ones in 18 digits and stops where they overflow. Beyond 14 digits it is empty:
-- no sum could be made of it.
-- arguments: amount, rate
try_cast(amount::decimal(38, 8) * try_cast(rate as decimal(18, 8)) as decimal(16, 2))
