-- One row per word by which CRMs and marketing tools name a stage of a buyer's life, with the stage that it means.
--
-- The words of HubSpot, Salesforce, Marketo, Pardot, Zoho and Pipedrive; compared without case, spaces and signs.
--
-- grain: word
-- check: stage in ('lead', 'mql', 'sql', 'opportunity', 'customer', 'post-sale', 'disqualified')

select
    word,                                           -- The word, small letters and digits only.
    stage                                           -- lead, mql, sql, opportunity, customer, post-sale, or disqualified.
from (values
    ('lead', 'lead'), ('new', 'lead'), ('newlead', 'lead'), ('open', 'lead'), ('opennotcontacted', 'lead'), ('prospect', 'lead'),
    ('inquiry', 'lead'), ('known', 'lead'), ('subscriber', 'lead'), ('attemptedtocontact', 'lead'), ('contactinfuture', 'lead'),
    ('notcontacted', 'lead'), ('clientepotencial', 'lead'), ('suscriptor', 'lead'),
    ('mql', 'mql'), ('marketingqualifiedlead', 'mql'), ('marketingqualified', 'mql'), ('aql', 'mql'), ('leadcualificadopormarketing', 'mql'),
    ('leadcualificadoparamarketing', 'mql'), ('leadcalificadopormarketing', 'mql'), ('leadcalificadoparamarketing', 'mql'),
    ('sql', 'sql'), ('salesqualifiedlead', 'sql'), ('salesqualified', 'sql'), ('sal', 'sql'), ('salesacceptedlead', 'sql'),
    ('salesaccepted', 'sql'), ('qualified', 'sql'), ('prequalified', 'sql'), ('leadcualificadoporventas', 'sql'),
    ('leadcualificadoparaventas', 'sql'), ('leadcalificadoporventas', 'sql'), ('leadcalificadoparaventas', 'sql'),
    ('opportunity', 'opportunity'), ('opportunities', 'opportunity'), ('closedconverted', 'opportunity'), ('converted', 'opportunity'),
    ('opendeal', 'opportunity'), ('oportunidad', 'opportunity'),
    ('customer', 'customer'), ('client', 'customer'), ('won', 'customer'), ('cliente', 'customer'),
    ('evangelist', 'post-sale'), ('advocate', 'post-sale'), ('promoter', 'post-sale'), ('evangelizador', 'post-sale'), ('renewal', 'post-sale'),
    ('disqualified', 'disqualified'), ('unqualified', 'disqualified'), ('closednotconverted', 'disqualified'), ('junklead', 'disqualified'),
    ('notqualified', 'disqualified'), ('lostlead', 'disqualified'), ('badtiming', 'disqualified'), ('recycled', 'disqualified')
) as w (word, stage)
