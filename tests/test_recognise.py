"""Files are known by their headings alone."""

import pytest

from assets.sources import generic, hubspot, salesforce
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


def test_every_contract_is_tried_above():
    assert {c.name for c in ALL} == {name for name, _ in HEADINGS}


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
