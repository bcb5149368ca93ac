-- An amount in base currency, to the cent, at a rate of core.exchange_rates; in decimals, so that no binary fraction decides over a cent,
-- and wide ones, because DuckDB multiplies two narrow ones in 18 digits and stops where they overflow.
-- arguments: amount, rate
round(amount::decimal(38, 8) * rate::decimal(18, 8), 2)
