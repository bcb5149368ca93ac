-- The sum of a group; NULL where one of its parts is unknown.
-- arguments: part
case when count(*) = count(part) then sum(part) end
