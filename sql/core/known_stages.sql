-- One row per stage name that many companies use, with its usual place and kind: the defaults where an export has no order.
--
-- grain: name

select
    name,            -- Name of the stage, lower case.
    usual_order,     -- Usual place along the pipeline; larger is later.
    kind             -- open, won or lost.
from (values
    ('new', 5, 'open'), ('lead', 5, 'open'), ('nuevo', 5, 'open'), ('mql', 10, 'open'), ('marketing qualified', 10, 'open'),
    ('prospecting', 15, 'open'), ('prospección', 15, 'open'), ('sql', 20, 'open'), ('sales qualified', 20, 'open'),
    ('appointmentscheduled', 20, 'open'), ('appointment scheduled', 20, 'open'), ('qualification', 22, 'open'),
    ('cualificación', 22, 'open'), ('calificación', 22, 'open'), ('qualified', 24, 'open'), ('qualifiedtobuy', 26, 'open'),
    ('qualified to buy', 26, 'open'), ('discovery', 28, 'open'), ('needs analysis', 30, 'open'), ('análisis de necesidades', 30, 'open'),
    ('value proposition', 35, 'open'), ('propuesta de valor', 35, 'open'), ('id. decision makers', 40, 'open'),
    ('perception analysis', 45, 'open'), ('demo', 45, 'open'), ('presentationscheduled', 45, 'open'),
    ('presentation scheduled', 45, 'open'), ('decisionmakerboughtin', 50, 'open'), ('decision maker bought-in', 50, 'open'),
    ('proposal', 60, 'open'), ('proposal/price quote', 60, 'open'), ('proposal/quote', 60, 'open'), ('propuesta', 60, 'open'),
    ('quote', 62, 'open'), ('negotiation', 70, 'open'), ('negotiation/review', 70, 'open'), ('negociación', 70, 'open'),
    ('contractsent', 75, 'open'), ('contract sent', 75, 'open'), ('contract', 76, 'open'), ('commit', 80, 'open'),
    ('closed won', 100, 'won'), ('closedwon', 100, 'won'), ('closed_won', 100, 'won'), ('won', 100, 'won'),
    ('ganada', 100, 'won'), ('ganado', 100, 'won'), ('cerrada ganada', 100, 'won'), ('cierre ganado', 100, 'won'),
    ('cerrado ganado', 100, 'won'), ('gewonnen', 100, 'won'), ('gagné', 100, 'won'),
    ('closed lost', 110, 'lost'), ('closedlost', 110, 'lost'), ('closed_lost', 110, 'lost'), ('lost', 110, 'lost'),
    ('perdida', 110, 'lost'), ('perdido', 110, 'lost'), ('cerrada perdida', 110, 'lost'), ('cierre perdido', 110, 'lost'),
    ('cerrado perdido', 110, 'lost'), ('verloren', 110, 'lost'), ('perdu', 110, 'lost'), ('disqualified', 110, 'lost'),
    ('unqualified', 110, 'lost'), ('descartada', 110, 'lost')
) as known (name, usual_order, kind)
