-- How many of the first n touches of a way are none of its anchors: the first touch, and those with the numbers lead, deal and sale, where not NULL.
-- arguments: n, lead, deal, sale
n - (n >= 1)::integer - coalesce(lead > 1 and lead <= n, false)::integer
- coalesce(deal > 1 and deal <= n and deal is distinct from lead, false)::integer
- coalesce(sale > 1 and sale <= n and sale is distinct from lead and sale is distinct from deal, false)::integer
