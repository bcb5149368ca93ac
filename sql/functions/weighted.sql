-- An amount times a probability, to the cent; wide decimals, because DuckDB multiplies two narrow ones in 18 digits and stops where they overflow.
-- arguments: amount, probability
round(amount::decimal(38, 8) * probability::decimal(9, 6), 2)
