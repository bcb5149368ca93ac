-- One row per deal type, and per name of a pipeline, that says what kind of business its deals are: new, existing, expansion, contraction, renewal.
--
-- The first kind in this list of which a pattern fits holds: "Existing Customer - Upgrade" is an expansion. Patterns fit the text in small letters,
-- every word between two spaces. A text that says nothing of it is not here.
--
-- grain: text
-- check: business in ('renewal', 'contraction', 'expansion', 'existing', 'new')

with patterns as (
    select place, business, unnest(patterns) as pattern
    from (values
        (1, 'renewal', [
            '% renew %', '% renewal%', '% renovaci_n%', '% renova__o%', '% renouvellement%', '% verl_ngerung%', '% vertragsverl_ngerung%', '% rinnov%'
        ]),
        (2, 'contraction', ['% downgrade%', '% downsell%', '% down sell%', '% contraction%', '% reducci_n%']),
        (3, 'expansion', [
            '% upgrade%', '% upsell%', '% up sell%', '% cross sell%', '% crosssell%', '% expansion%', '% expansi_n%', '% ampliaci_n%', '% add on %',
            '% addon%', '% venta cruzada%', '% erweiterung%'
        ]),
        (4, 'existing', ['% existing%', '% existente%', '% existant%', '% bestandskund%', '% repeat%', '% replacement%']),
        (5, 'new', ['% new %', '% newbusiness%', '% new business%', '% nuev_ %', '% neu %', '% neukund%', '% neugesch_ft%', '% nouve%', '% nov_ %'])
    ) as p (place, business, patterns)
),

texts as (
    select text, spaced(text) as words
    from (
        select deal_type as text from core.deals
        union
        select pipeline from core.stages
    )
)

select
    t.text,                                                         -- The deal type or name of a pipeline, as the exports have it.
    p.business,                                                     -- renewal, contraction, expansion, existing or new.
    p.place                                                         -- 1 to 5, from the most to the least telling.
from texts as t
join patterns as p on t.words like p.pattern
qualify row_number() over (partition by t.text order by p.place) = 1
