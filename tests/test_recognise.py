"""Files are known by their headings alone."""

import pytest

from assets.sources import generic, hubspot, salesforce
from pipeline_etl.languages import language
from pipeline_etl.recognise import Recogniser, Unrecognised

ALL = salesforce.CONTRACTS + hubspot.CONTRACTS + generic.CONTRACTS
HEADINGS = [
    ("salesforce_opportunities", "Id,IsDeleted,AccountId,Name,StageName,Amount,Probability,CloseDate,Type,LeadSource,IsClosed,IsWon,ForecastCategory,OwnerId,CreatedDate,SystemModstamp"),
    ("salesforce_opportunities", "Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Created Date,Opportunity Owner,Account Name"),
    ("salesforce_opportunities", "Id. de la oportunidad,Nombre de la oportunidad,Etapa,Importe,Fecha de cierre,Fecha de creación,Propietario de la oportunidad"),
    ("salesforce_opportunity_history", "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,ForecastCategory,SystemModstamp,IsDeleted"),
    ("salesforce_field_history_report", "Opportunity ID,Opportunity Name,Stage,Amount,Created Date,Close Date,Field / Event,Old Value,New Value,Edit Date"),
    ("salesforce_opportunity_field_history", "Id,IsDeleted,OpportunityId,CreatedById,CreatedDate,Field,OldValue,NewValue"),
    ("salesforce_accounts", "Id,MasterRecordId,Name,ParentId,Type,Industry,AnnualRevenue,NumberOfEmployees,AccountSource,BillingCity,OwnerId,Website,IsDeleted"),
    ("salesforce_contacts", "Id,AccountId,FirstName,LastName,Name,Email,Phone,Title,Department,LeadSource,MailingCity,OwnerId,ReportsToId"),
    ("salesforce_leads", "Id,LastName,FirstName,Company,Email,LeadSource,Status,Industry,OwnerId,IsConverted,ConvertedDate,ConvertedOpportunityId,CreatedDate"),
    ("salesforce_campaigns", "Id,Name,ParentId,Type,Status,StartDate,EndDate,NumberSent,BudgetedCost,ActualCost,CreatedDate"),
    ("salesforce_campaign_members", "Id,CampaignId,LeadId,ContactId,LeadOrContactId,Status,HasResponded,FirstRespondedDate,CreatedDate"),
    ("salesforce_contact_roles", "Id,OpportunityId,ContactId,Role,IsPrimary,IsDeleted,CreatedDate,SystemModstamp"),
    ("salesforce_tasks", "Id,WhoId,WhatId,AccountId,OwnerId,Subject,Status,Priority,IsClosed,ActivityDate,CompletedDateTime,TaskSubtype,CallType,CreatedDate"),
    ("salesforce_events", "Id,WhoId,WhatId,OwnerId,Subject,ActivityDateTime,StartDateTime,EndDateTime,EventSubtype,CreatedDate"),
    ("salesforce_users", "Id,Username,Name,FirstName,LastName,Email,IsActive,ManagerId,UserRoleId,ProfileId,Department,Title"),
    ("hubspot_deals", 'Record ID,Deal Name,Pipeline,Deal Stage,Amount,Create Date,Close Date,"Date entered ""Demo (Sales)"""'),
    ("hubspot_deals", "hs_object_id,dealname,pipeline,dealstage,amount,createdate,closedate,hubspot_owner_id,hs_v2_date_entered_closedwon"),
    ("hubspot_deals", "ID de registro,Nombre del negocio,Pipeline,Etapa del negocio,Importe,Fecha de creación,Fecha de cierre"),
    ("hubspot_contacts", "Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Contact owner,Create Date"),
    ("hubspot_contacts", "ID de registro,Nombre,Apellidos,Correo electrónico,Etapa del ciclo de vida,Propietario del contacto,Fecha de creación"),
    ("hubspot_companies", "Record ID,Company name,Company Domain Name,Company owner,Industry,Create Date"),
    ("hubspot_activities", "Record ID,Activity type,Activity date,Activity assigned to,Associated Deal IDs"),
    ("generic_deals", "deal_id,deal_name,company_id,primary_contact_id,owner_id,pipeline,stage,amount,currency,created_at,closed_at,updated_at"),
    ("generic_deals", "id_negocio,nombre,etapa,importe,fecha de creación,fecha de cierre,responsable"),
    ("generic_stage_changes", "history_id,deal_id,stage,entered_at,changed_by,updated_at"),
    ("generic_touches", "touch_id,email,anon_id,occurred_at,campaign_id,channel,event_type,page"),
    ("generic_accounts", "company_id,name,domain,industry,employees,updated_at"),
    ("generic_people", "contact_id,email,first_name,last_name,company_id,lifecycle,created_at,updated_at"),
    ("generic_deal_people", "deal_id,contact_id,is_primary"),
    ("generic_activities", "activity_id,deal_id,type,occurred_at,owner_id,duration_min"),
    ("generic_campaigns", "campaign_id,name,channel,start_at,budget"),
    ("generic_spend", "date,campaign_id,impressions,clicks,spend"),
    ("generic_exchange_rates", "date,from_currency,to_currency,rate"),
]  # fmt: skip


def fields(text):
    import csv

    return next(csv.reader([text]))


@pytest.mark.parametrize("name, headings", HEADINGS)
def test_each_kind_of_export_is_known_in_any_order_of_columns(name, headings):
    reading = Recogniser(ALL).recognise(fields(headings))
    assert reading.contract.name == name
    turned = Recogniser(ALL).recognise(fields(headings)[::-1])
    assert (turned.contract.name, turned.mapping) == (name, reading.mapping)


# What the export of deals and of contacts is headed by in each language that HubSpot offers.
TONGUES = {
    "de": ("Datensatz-ID,Deal-Name,Deal-Phase,Betrag,Erstellungsdatum,Abschlussdatum,Deal-Besitzer", "Datensatz-ID,Vorname,Nachname,E-Mail,Lifecycle-Phase,Erstellungsdatum"),
    "es": ("ID de registro,Nombre del negocio,Etapa del negocio,Importe,Fecha de creación,Fecha de cierre", "ID de registro,Nombre,Apellidos,Correo,Etapa del ciclo de vida"),
    "fr": ("ID de fiche d’informations,Nom de la transaction,Phase de la transaction,Montant,Date de création,Date de fermeture", "ID de fiche d’informations,Prénom,Nom,E-mail,Phase du cycle de vie"),
    "it": ("ID record,Nome trattativa,Fase trattativa,Importo,Data di creazione,Data di chiusura", "ID record,Nome,Cognome,E-mail,Fase del ciclo di vita"),
    "ja": ("レコードID,取引名,取引ステージ,金額,作成日,クローズ日", "レコードID,名,姓,Eメール,ライフサイクルステージ"),
    "nl": ("Record-ID,Dealnaam,Dealfase,Bedrag,Aanmaakdatum,Sluitingsdatum,Eigenaar deal", "Record-ID,Voornaam,Achternaam,E-mail,Levenscyclusfase"),
    "pl": ("ID rekordu,Nazwa transakcji,Etap transakcji,Kwota,Data utworzenia,Data zamknięcia", "ID rekordu,Imię,Nazwisko,E-mail,Etap cyklu życia"),
    "pt": ("ID do registro,Nome do negócio,Etapa do negócio,Valor,Data de criação,Data de fechamento", "ID do registro,Nome,Sobrenome,E-mail,Estágio do ciclo de vida"),
    "sv": ("Post-ID,Affärsnamn,Affärsfas,Belopp,Skapandedatum,Slutdatum,Affärsägare", "Post-ID,Förnamn,Efternamn,E-post,Livscykelfas"),
    "fi": ("Tietueen tunnus,Kaupan nimi,Kaupan vaihe,Summa,Luontipäivämäärä,Sulkemispäivä", "Tietueen tunnus,Etunimi,Sukunimi,Sähköposti,Elinkaaren vaihe"),
    "en": ("Record ID,Deal Name,Deal Stage,Amount,Create Date,Close Date", "Record ID,First Name,Last Name,Email,Lifecycle Stage"),
}  # fmt: skip


@pytest.mark.parametrize("tongue", TONGUES)
def test_hubspots_exports_are_known_in_each_of_its_languages(tongue):
    deals, contacts = map(fields, TONGUES[tongue])
    reading = Recogniser(ALL).recognise(deals)
    assert (reading.contract.name, reading.unmapped) == ("hubspot_deals", ())
    assert {"deal_id", "stage", "amount", "created_at", "close_at"} <= set(reading.mapping)
    reading = Recogniser(ALL).recognise(contacts)
    assert (reading.contract.name, reading.unmapped) == ("hubspot_contacts", ())
    assert {language(deals), language(contacts)} == {tongue}


@pytest.mark.parametrize(
    "headings",
    [
        "plate,floor,since",
        "Id,IsDeleted,CaseNumber,ContactId,AccountId,Status,Reason,Subject,Priority,OwnerId,IsClosed,CreatedDate",
        "ad_id,date,_fivetran_id,index,action_type,value",
        "contact_id,_fivetran_synced,category",
    ],
)
def test_strangers_stay_strangers(headings):
    with pytest.raises(Unrecognised, match="mapping file"):
        Recogniser(ALL).recognise(fields(headings))


def test_a_missing_heading_is_named():
    with pytest.raises(Unrecognised, match="looks like salesforce_opportunities, but among its headings is no 'CreatedDate'"):
        Recogniser(ALL).recognise(fields("Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,ForecastCategory,OwnerId"))


@pytest.mark.parametrize(
    "name, columns, fault",
    [
        ("generic_deal", {}, "did you mean generic_deals"),
        ("generic_deals", {"Nope": "deal_id"}, "reads a heading 'Nope'"),
        ("generic_deals", {"Vorgang": "deel_id"}, "which is no column of generic_deals"),
        ("generic_deals", {"Vorgang": "deal_id"}, "leaves stage, created_at of generic_deals without a heading"),
    ],
)
def test_a_wrong_mapping_is_explained(name, columns, fault):
    with pytest.raises(Unrecognised, match=fault):
        Recogniser(ALL).by_mapping(name, columns, ["Vorgang", "Phase", "Angelegt"])


def test_a_mapping_reads_headings_of_ones_own():
    columns = {"Vorgang": "deal_id", "Phase": "stage", "Angelegt": "created_at"}
    reading = Recogniser(ALL).by_mapping("generic_deals", columns, ["Vorgang", "Phase", "Angelegt", "Amount", "Rest"])
    assert reading.mapping["amount"] == "Amount"
    assert reading.unmapped == ("Rest",)


FULL = [
    # The whole lists of columns that the systems write, custom fields among them.
    ("salesforce_opportunities", "Id,IsDeleted,AccountId,RecordTypeId,IsPrivate,Name,Description,StageName,Amount,Probability,ExpectedRevenue,TotalOpportunityQuantity,CloseDate,Type,NextStep,LeadSource,IsClosed,IsWon,ForecastCategory,ForecastCategoryName,CurrencyIsoCode,CampaignId,HasOpportunityLineItem,Pricebook2Id,OwnerId,Territory2Id,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,LastActivityDate,PushCount,LastStageChangeDate,FiscalQuarter,FiscalYear,Fiscal,ContactId,Loss_Reason__c,Churn_Risk__c"),
    ("salesforce_opportunities", "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount,Expected Revenue,Probability (%),Age,Close Date,Created Date,Next Step,Lead Source,Type,Opportunity ID"),
    ("salesforce_opportunities", "Opportunity ID,Name,Stage,Close Date,Deleted,Account ID,Private,Description,Amount,Probability (%),Created Date"),
    ("salesforce_opportunities", "Id. de oportunidad,Nombre de la oportunidad,Nombre de la cuenta,Etapa,Importe,Probabilidad (%),Fecha de cierre,Fecha de creación,Tipo,Origen del candidato,Propietario de la oportunidad"),
    ("salesforce_opportunity_history", "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,ForecastCategory,SystemModstamp,IsDeleted,PrevAmount,PrevCloseDate"),
    ("salesforce_field_history_report", "Id. de la oportunidad,Nombre de la oportunidad,Etapa,Importe,Campo / Evento,Valor anterior,Nuevo valor,Fecha de edición,Editado por"),
    ("salesforce_opportunity_field_history", "Id,OpportunityId,CreatedById,CreatedDate,Field,DataType,OldValue,NewValue,IsDeleted"),
    ("salesforce_leads", "Id,IsDeleted,MasterRecordId,LastName,FirstName,Salutation,Name,Title,Company,Street,City,State,Country,Phone,MobilePhone,Email,Website,Description,LeadSource,Status,Industry,Rating,AnnualRevenue,NumberOfEmployees,OwnerId,HasOptedOutOfEmail,IsConverted,ConvertedDate,ConvertedAccountId,ConvertedContactId,ConvertedOpportunityId,IsUnreadByOwner,CreatedDate,CreatedById,LastModifiedDate,SystemModstamp,LastActivityDate,IndividualId"),
    ("salesforce_leads", "Lead ID,First Name,Last Name,Title,Company / Account,Email,Lead Source,Lead Status,Street,Rating,Lead Owner,Created Date"),
    ("salesforce_leads", "Id. de candidato,Nombre,Apellidos,Compañía,Correo electrónico,Estado de candidato,Fecha de creación"),
    ("salesforce_campaigns", "Id,Name,ParentId,OwnerId,Type,Status,IsActive,StartDate,EndDate,NumberSent,ExpectedResponse,BudgetedCost,ActualCost,ExpectedRevenue,AmountAllOpportunities,NumberOfLeads,CreatedDate,IsDeleted"),
    ("salesforce_campaigns", "Id. de la campaña,Nombre de la campaña,Tipo,Estado,Fecha de inicio,Fecha de fin"),
    ("salesforce_campaign_members", "Id,CampaignId,LeadId,ContactId,LeadOrContactId,Status,HasResponded,FirstRespondedDate,LeadSource,Email,CompanyOrAccount,Type,CreatedDate,IsDeleted"),
    ("salesforce_tasks", "Id,WhoId,WhatId,AccountId,OwnerId,Subject,Status,Priority,IsClosed,IsHighPriority,ActivityDate,CompletedDateTime,TaskSubtype,Type,CallType,CallDurationInSeconds,CallDisposition,WhoCount,WhatCount,CreatedDate,IsDeleted,IsArchived"),
    ("salesforce_tasks", "Id,Asunto,Estado,Fecha de vencimiento,Fecha de creación,WhoId"),
    ("salesforce_events", "Id,WhoId,WhatId,AccountId,OwnerId,Subject,ActivityDate,ActivityDateTime,StartDateTime,EndDateTime,EventSubtype,GroupEventType,IsGroupEvent,IsChild,IsRecurrence,CreatedDate,IsDeleted"),
    ("salesforce_accounts", "Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingStreet,BillingCity,Phone,Website,Industry,AnnualRevenue,NumberOfEmployees,OwnerId,CreatedDate,CreatedById,LastModifiedDate,SystemModstamp,AccountSource"),
    ("salesforce_contacts", "Id,IsDeleted,AccountId,LastName,FirstName,Name,Phone,Email,Title,LeadSource,OwnerId,CreatedDate,SystemModstamp,MailingCity,IsEmailBounced,Description"),
    ("salesforce_contacts", "Id. del contacto,Nombre,Apellidos,Correo electrónico,Id. de la cuenta"),
    ("salesforce_users", "Id,Username,LastName,FirstName,Name,CompanyName,Division,Department,Title,Street,City,Email,Phone,IsActive,TimeZoneSidKey,UserRoleId,ProfileId,ManagerId,CreatedDate,SystemModstamp,AccountId,ContactId"),
    ("salesforce_users", "Id. de usuario,Nombre de usuario,Nombre completo,Correo electrónico,Activo"),
    ("hubspot_deals", "Record ID,Deal Name,Pipeline,Deal Stage,Amount,Amount in company currency,Currency,Exchange rate,Create Date,Close Date,Last Modified Date,Deal owner,Deal Type,Deal probability,Weighted amount,Forecast category,Is Deal Closed?,Is Closed Won,Closed Lost Reason,Days to close,Last Activity Date,Merged Deal IDs,Original Traffic Source,HubSpot Campaign,Associated Company,Associated Company IDs,Associated Contact,Associated Contact IDs"),
    ("hubspot_deals", "Deal ID,Deal Name,Pipeline,Deal Stage,Deal Owner,Amount,Create Date,Close Date,Original Source Type,Associated Company ID"),
    ("hubspot_deals", "hs_object_id,dealname,dealstage,createdate,hs_v2_date_entered_appointmentscheduled,hs_v2_date_entered_closedwon,hs_v2_date_exited_appointmentscheduled,hs_v2_date_entered_current_stage"),
    ("hubspot_deals", 'ID de registro,Nombre del negocio,Pipeline,Etapa del negocio,Importe,Moneda,Fecha de creación,Fecha de cierre,Propietario del negocio,Motivo de negocio perdido,"Fecha de entrada en ""Demo (Ventas)"""'),
    ("hubspot_contacts", "Record ID,First Name,Last Name,Email,Phone Number,Company Name,Job Title,Country/Region,City,Lead Status,Lifecycle Stage,Contact owner,Create Date,Last Modified Date,Original Source,Original Source Drill-Down 1,First Conversion,Number of Associated Deals,Marketing contact status,Annual Revenue,Lead Score"),
    ("hubspot_contacts", "hs_object_id,email,firstname,lastname,company,jobtitle,lifecyclestage,hs_lead_status,hubspot_owner_id,createdate,lastmodifieddate"),
    ("hubspot_companies", "Record ID,Company name,Company owner,Create Date,Phone Number,Last Activity Date,City,Country/Region,Industry,Company Domain Name,Number of Employees,Associated Contact IDs,Associated Deal IDs"),
    ("hubspot_companies", "hs_object_id,name,domain,industry,numberofemployees,createdate,hubspot_owner_id,hs_lastmodifieddate,lifecyclestage"),
    ("hubspot_companies", "ID de registro,Nombre de la empresa,Nombre de dominio de la empresa,Propietario de la empresa,Sector"),
    ("hubspot_activities", "engagement_id,type,property_hs_timestamp,property_hs_createdate,property_hubspot_owner_id"),
    ("hubspot_activities", "Record ID,Activity type,Activity date,Activity assigned to,Create date,Associated Company IDs,Associated Contact IDs,Associated Deal IDs,Call outcome"),
    ("hubspot_activities", "ID de registro,Tipo de actividad,Fecha de la actividad,Actividad asignada a"),
]  # fmt: skip


@pytest.mark.parametrize("name, headings", FULL)
def test_whole_exports_are_known_whatever_the_order_and_spelling_of_their_headings(name, headings):
    recogniser, plain = Recogniser(ALL), fields(headings)
    assert recogniser.recognise(plain).contract.name == name
    for turned in (sorted(plain), sorted(plain, reverse=True), plain[len(plain) // 2 :] + plain[: len(plain) // 2]):
        assert recogniser.recognise(turned).mapping == recogniser.recognise(plain).mapping
    if not any("date_entered" in h or "Date entered" in h or "Fecha de entrada" in h for h in plain):
        assert recogniser.recognise([f" {h.upper().replace('_', ' ')} " for h in plain]).contract.name == name


BENCH = [
    ("generic_accounts", "company_id,name,domain,industry,employees,updated_at", ()),
    ("generic_people", "contact_id,email,first_name,last_name,company_id,lifecycle,created_at,updated_at", ()),
    ("generic_stage_changes", "history_id,deal_id,stage,entered_at,changed_by,updated_at", ("history_id",)),
    ("generic_deals", "deal_id,deal_name,company_id,primary_contact_id,owner_id,pipeline,stage,amount,currency,created_at,closed_at,updated_at", ()),
    ("generic_deal_people", "deal_id,contact_id,is_primary", ()),
    ("generic_activities", "activity_id,deal_id,type,occurred_at,owner_id,duration_min", ()),
    ("generic_campaigns", "campaign_id,name,channel,start_at,budget", ()),
    ("generic_spend", "date,campaign_id,impressions,clicks,spend", ()),
    ("generic_touches", "touch_id,email,anon_id,occurred_at,campaign_id,channel,event_type,page", ()),
]  # fmt: skip


@pytest.mark.parametrize("name, headings, unmapped", BENCH)
def test_the_files_of_the_benchmark_need_no_mapping(name, headings, unmapped):
    reading = Recogniser(ALL).recognise(fields(headings))
    assert (reading.contract.name, reading.unmapped) == (name, unmapped)
    assert reading.confidence > 0.5


def test_what_each_column_is_read_from():
    reading = Recogniser(ALL).recognise(fields('hs_object_id,Create_Date,DEALSTAGE,Importe,Amount,Rest,"Date entered ""Demo (Sales)"""'))
    assert reading.mapping == {"deal_id": "hs_object_id", "stage": "DEALSTAGE", "amount": "Amount", "created_at": "Create_Date"}
    assert reading.spread == ('Date entered "Demo (Sales)"',)
    assert reading.unmapped == ("Importe", "Rest")


def test_confidence_says_how_near_the_runner_up_came():
    alone = Recogniser(ALL).recognise(fields("Id,Username,Email"))
    shared = Recogniser(ALL).recognise(fields("Account ID,Account Name,Industry,Employees"))
    assert alone.confidence == 1.0
    assert 0.5 <= shared.confidence < 0.75


STRANGERS = [
    "Campaign report",
    "Jour,Nom de la campagne,Montant dépensé (USD),Impressions",
    "Start Date (in UTC),Account Name,Campaign Name,Campaign Type,Total Spent,Impressions,Clicks",
    "event_date,event_timestamp,event_name,user_pseudo_id,device,geo",
    "id,lead_id,activity_date,activity_type_id,campaign_id,primary_attribute_value",
    "order_id,customer_id,amount,created_at,status",
    "ticket_id,subject,status,created_at",
    "Record ID,Ticket name,Pipeline,Ticket status,Create date,Priority",
    "id,first_name,last_name,email",
    "Id,Name",
    "a",
    "column 1,column 2,column 3",
]


@pytest.mark.parametrize("headings", STRANGERS)
def test_other_peoples_files_are_not_ours(headings):
    with pytest.raises(Unrecognised, match="mapping file"):
        Recogniser(ALL).recognise(fields(headings))


def test_a_stranger_is_shown_by_its_first_headings():
    with pytest.raises(Unrecognised) as error:
        Recogniser(ALL).recognise(list("abcdefg"))
    assert str(error.value) == "its headings (a, b, c, d, e, f …) are those of no export we know; write a mapping file to have it read"


REQUIRED = [
    ("hubspot_deals", "Record ID,Deal Name,Pipeline,Amount,Close Date,Create Date,Deal owner,Deal Type", "no 'Deal Stage'"),
    ("hubspot_deals", "Deal Name,Pipeline,Deal Stage,Amount,Close Date,Create Date,Deal owner", "no 'Record ID'"),
    ("salesforce_leads", "Id,LastName,FirstName,Company,Email,LeadSource,IsConverted,ConvertedDate,ConvertedContactId", "no 'Status'"),
    ("generic_deals", "deal_id,deal_name,amount,currency,expected_close_date,lost_reason,created_at", "no 'deal_stage'"),
    ("salesforce_events", "Id,WhoId,WhatId,Subject,ActivityDate,EventSubtype,EndDateTime,CreatedDate", "no 'StartDateTime'"),
]


@pytest.mark.parametrize("name, headings, lacking", REQUIRED)
def test_the_nearest_export_and_what_it_lacks_are_named(name, headings, lacking):
    with pytest.raises(Unrecognised) as error:
        Recogniser(ALL).recognise(fields(headings))
    assert str(error.value).startswith(f"it looks like {name}, but among its headings is {lacking}")
    assert str(error.value).endswith("export it again with that column, or name it in a mapping file")


MY = ["Vorgang", "Phase", "Angelegt"]


@pytest.mark.parametrize(
    "name, columns, message",
    [
        ("generic_deal", {}, "the mapping file names an unknown object 'generic_deal'; did you mean generic_deals"),
        ("generic_deals", {"Vorgang ": "deal_id"}, "the mapping file reads a heading 'Vorgang ', which the file does not have"),
        ("generic_deals", {"Vorgang": "Deal_ID"}, "the mapping file maps 'Vorgang' to 'Deal_ID', which is no column of generic_deals; it has deal_id, stage"),
        ("generic_deals", {"Vorgang": "deal_id", "Phase": "stage"}, "the mapping file leaves created_at of generic_deals without a heading"),
    ],
)
def test_each_error_of_a_mapping_says_what_is_wrong(name, columns, message):
    with pytest.raises(Unrecognised) as error:
        Recogniser(ALL).by_mapping(name, columns, MY)
    assert str(error.value).startswith(message)


def test_a_mapping_overrules_what_a_heading_seems_to_be():
    columns = {"created_at": "closed_at", "born": "created_at"}
    reading = Recogniser(ALL).by_mapping("generic_deals", columns, ["deal_id", "stage", "created_at", "born"])
    assert reading.mapping == {"deal_id": "deal_id", "stage": "stage", "closed_at": "created_at", "created_at": "born"}
    assert (reading.confidence, reading.unmapped, reading.spread) == (1.0, (), ())


def test_a_mapped_file_keeps_its_wide_headings():
    headings = ["Nr", "Phase", "Angelegt", "hs_v2_date_entered_closedwon"]
    reading = Recogniser(ALL).by_mapping("hubspot_deals", {"Nr": "deal_id", "Phase": "stage", "Angelegt": "created_at"}, headings)
    assert reading.spread == ("hs_v2_date_entered_closedwon",)


def test_no_two_columns_of_a_contract_read_one_heading():
    for contract in ALL:
        read = [h for column in contract.columns for h in column.headings]
        assert len(read) == len(set(read)), contract.name


LIFECYCLE = ("lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist")


@pytest.mark.parametrize(
    "name, headings",
    [
        ("salesforce_opportunity_history", "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,ForecastCategory,CurrencyIsoCode,SystemModstamp,IsDeleted,PrevAmount,PrevCloseDate"),
        ("hubspot_contacts", "hs_object_id,email,firstname,lastname,createdate,lifecyclestage," + ",".join(f"hs_v2_date_entered_{s}" for s in LIFECYCLE)),
        ("hubspot_contacts", "Record ID,First Name,Last Name,Email,Lifecycle Stage,Contact owner,Create Date," + ",".join(f'"Date entered ""{s} (Lifecycle Stage Pipeline)"""' for s in LIFECYCLE)),
        ("salesforce_accounts", "Id. de la cuenta,Nombre de la cuenta,Sitio web,Sector,Empleados,Fecha de creación"),
        ("salesforce_opportunity_history", "Id. de la oportunidad,De etapa,A etapa,Última modificación"),
    ],
)  # fmt: skip
def test_exports_that_are_easily_mistaken(name, headings):
    assert Recogniser(ALL).recognise(fields(headings)).contract.name == name


def test_a_history_report_changed_when_it_was_last_modified():
    headings = "Opportunity ID,Opportunity Name,From Stage,To Stage,Amount,Last Modified,Last Modified By,Created Date,Close Date"
    assert Recogniser(ALL).recognise(fields(headings)).mapping["changed_at"] == "Last Modified"


def test_contact_roles_of_salesforce_are_no_generic_file():
    try:
        system = Recogniser(ALL).recognise(fields("Id,OpportunityId,ContactId,Role,IsPrimary,IsDeleted,CreatedDate,SystemModstamp")).contract.system
    except Unrecognised:
        return
    assert system == "salesforce"


def test_two_headings_for_one_column_are_a_wrong_mapping():
    with pytest.raises(Unrecognised, match="deal_id"):
        Recogniser(ALL).by_mapping("generic_deals", {"Vorgang": "deal_id", "Nr": "deal_id", "Phase": "stage", "Angelegt": "created_at"}, [*MY, "Nr"])


def test_an_unknown_object_like_no_other_is_answered_with_all_names():
    with pytest.raises(Unrecognised, match="generic_deals"):
        Recogniser(ALL).by_mapping("zzzzqq", {}, MY)


def test_a_heading_that_is_mapped_is_read_by_no_other_column():
    headings = ["deal_id", "stage", "created_at", "value"]
    assert Recogniser(ALL).by_mapping("generic_deals", {"value": "lost_reason"}, headings).mapping.keys() == {"deal_id", "stage", "created_at", "lost_reason"}


def test_the_day_of_a_time_is_read_from_its_heading_also_where_a_mapping_names_it():
    mapping = {"Nr": "deal_id", "Phase": "stage", "Angelegt": "created_at", "Ende": "close_at"}
    reading = Recogniser(ALL).by_mapping("hubspot_deals", mapping, list(mapping))
    assert reading.mapping["close_on"] == reading.mapping["close_at"] == "Ende"
