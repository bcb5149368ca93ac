-- One row per text that the exports give as the reason of a loss: which of ten reasons it is, by its words in English or Spanish.
--
-- The first reason in this list of which a pattern fits holds. Patterns fit the text in small letters, every word between two spaces.
--
-- grain: lost_reason

with patterns as (
    select place, pattern, reason
    from (values
        (1, '% duplica%', 'duplicate or bad data'), (1, '% dup %', 'duplicate or bad data'), (1, '% bad data %', 'duplicate or bad data'),
        (1, '% test %', 'duplicate or bad data'), (1, '% spam %', 'duplicate or bad data'), (1, '% datos err_neos %', 'duplicate or bad data'),
        (2, '% budget%', 'no budget'), (2, '% presupuest%', 'no budget'), (2, '% no fund%', 'no budget'), (2, '% sin fondos %', 'no budget'),
        (3, '% competit%', 'competitor'), (3, '% competidor%', 'competitor'), (3, '% competencia %', 'competitor'),
        (3, '% other vendor %', 'competitor'), (3, '% another vendor %', 'competitor'), (3, '% otro proveedor %', 'competitor'),
        (4, '% pric%', 'price'), (4, '% precio%', 'price'), (4, '% expensive %', 'price'), (4, '% cost %', 'price'), (4, '% costs %', 'price'),
        (4, '% cost_ %', 'price'), (4, '% caro %', 'price'), (4, '% cara %', 'price'), (4, '% discount%', 'price'), (4, '% descuento%', 'price'),
        (5, '% timing %', 'timing'), (5, '% not now %', 'timing'), (5, '% bad time %', 'timing'), (5, '% too early %', 'timing'),
        (5, '% postpone%', 'timing'), (5, '% delay%', 'timing'), (5, '% on hold %', 'timing'), (5, '% aplaza%', 'timing'), (5, '% plazo%', 'timing'),
        (5, '% momento %', 'timing'),
        (6, '% feature%', 'product fit'), (6, '% functional%', 'product fit'), (6, '% funcionalidad%', 'product fit'), (6, '% fit %', 'product fit'),
        (6, '% requirement%', 'product fit'), (6, '% requisito%', 'product fit'), (6, '% integraci_n %', 'product fit'),
        (6, '% integration%', 'product fit'), (6, '% encaja %', 'product fit'), (6, '% encaje %', 'product fit'),
        (7, '% no decisi_n %', 'no decision'), (7, '% sin decisi_n %', 'no decision'), (7, '% status quo %', 'no decision'),
        (7, '% do nothing %', 'no decision'), (7, '% no interest %', 'no decision'), (7, '% not interested %', 'no decision'),
        (7, '% no need %', 'no decision'), (7, '% sin inter_s %', 'no decision'), (7, '% no interesad_ %', 'no decision'),
        (8, '% unresponsive %', 'lost contact'), (8, '% no response %', 'lost contact'), (8, '% no reply %', 'lost contact'),
        (8, '% went dark %', 'lost contact'), (8, '% went silent %', 'lost contact'), (8, '% ghost%', 'lost contact'),
        (8, '% lost contact %', 'lost contact'), (8, '% no contesta %', 'lost contact'), (8, '% no responde %', 'lost contact'),
        (8, '% sin respuesta %', 'lost contact'), (8, '% sin contacto %', 'lost contact')
    ) as p (place, pattern, reason)
),

texts as (
    select lost_reason, spaced(lost_reason) as words
    from core.deals
    where trim(lost_reason) <> ''
    group by lost_reason
)

select
    t.lost_reason,                                                  -- The text, as the exports have it.
    coalesce(p.reason, 'other') as reason                           -- The reason; `other` when no pattern fits.
from texts as t
left join patterns as p on t.words like p.pattern
qualify row_number() over (partition by t.lost_reason order by p.place) = 1
