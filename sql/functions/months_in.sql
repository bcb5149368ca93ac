-- Months of a period of a plan or a figure; NULL for a week, and for a word that is no period.
-- arguments: period
case period when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end
