-- A number, or 0 where it is less; NULL stays NULL, which greatest() would pass over.
-- arguments: number
case when number < 0 then 0 else number end
