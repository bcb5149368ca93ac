-- One row per kind of activity in the words of a system: which of seven kinds of action it is.
--
-- The first action in this list of which a pattern fits holds; patterns fit the text in small letters, every word between two spaces. What is
-- shown or sent is named before the way in which it happens: a demo by telephone is a demo, a brochure by e-mail is content.
--
-- grain: activity_type
-- check: action in ('demo', 'content', 'e-mail', 'call', 'meeting', 'task', 'other')

with patterns as (
    select place, action, unnest(patterns) as pattern
    from (values
        (1, 'demo', ['% demo%', '% d_mo %', '% vorf_hrung%']),
        (2, 'content', [
            '% content%', '% contenido%', '% brochure%', '% folleto%', '% case study%', '% white paper%', '% document%', '% proposal%',
            '% propuesta%', '% quote%', '% presupuesto%', '% angebot%', '% devis%', '% letter%', '% postal%'
        ]),
        (3, 'e-mail', ['% email%', '% e mail%', '% mail%', '% listemail%', '% correo%', '% courriel%']),
        (4, 'call', ['% call%', '% phone%', '% voicemail%', '% llamada%', '% tel_fono%', '% anruf%', '% telefon%', '% appel%', '% liga__o%', '% chamada%']),
        (5, 'meeting', [
            '% meeting%', '% event%', '% appointment%', '% visit%', '% lunch%', '% reuni%', '% r_union%', '% cita %', '% termin %', '% besprechung%',
            '% rendez%'
        ]),
        (6, 'task', ['% task%', '% to do%', '% todo%', '% deadline%', '% follow up%', '% tarea%', '% seguimiento%', '% aufgabe%', '% t_che%', '% tarefa%'])
    ) as p (place, action, patterns)
),

texts as (
    select activity_type, spaced(activity_type) as words
    from (select coalesce(activity_type, '') as activity_type from staging.activities)
    group by activity_type
)

select
    t.activity_type,                                                -- The text, as the exports have it; empty where they say nothing.
    coalesce(p.action, 'other') as action                           -- demo, content, e-mail, call, meeting, task; `other` when no pattern fits.
from texts as t
left join patterns as p on t.words like p.pattern
qualify row_number() over (partition by t.activity_type order by p.place) = 1
