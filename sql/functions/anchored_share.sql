-- What the first n touches of a way are credited with, 0..1, by a model that gives a part to each anchor and shares the rest among the other touches.
-- Anchors are the first touch, and those with the numbers lead, deal and sale, where they are not NULL; one touch may be several. A weight that nobody
-- plays goes to the others in proportion.
-- arguments: n, touches, part, lead, deal, sale, rest
(
    part * ((n >= 1)::integer + coalesce(lead <= n, false)::integer + coalesce(deal <= n, false)::integer + coalesce(sale <= n, false)::integer)
    + coalesce(rest * not_anchors(n, lead, deal, sale) / nullif(not_anchors(touches, lead, deal, sale), 0)::double, 0)
) / (
    part * (1 + (lead is not null)::integer + (deal is not null)::integer + (sale is not null)::integer)
    + case when not_anchors(touches, lead, deal, sale) > 0 then rest else 0 end
)
