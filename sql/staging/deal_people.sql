-- One row per person who has a part in a deal, and how we know it.
--
-- grain: system, deal_id, person_id

select
    system,                                                         -- System that holds both.
    deal_id,                                                        -- Deal.
    person_id,                                                      -- Person.
    bool_or(coalesce(is_primary, false)) as is_primary,             -- Whether it is the main contact.
    string_agg(distinct method, ', ' order by method) as method     -- Evidence for the link.
from feeds.deal_people
where person_id <> '' and deal_id <> ''
group by all
