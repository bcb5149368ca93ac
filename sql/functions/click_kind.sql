-- The name of an ad platform's click id in the address of a page, or `gclid` where Google Analytics counted it; '' for none.
-- arguments: system, click_id, page
case
    when page like '%clid=%' or page like '%braid=%' or page like '%li_fat_id=%'
        then regexp_extract(lower(page), '[?&](gclid|gbraid|wbraid|msclkid|li_fat_id|ttclid|twclid)=', 1)
    when click_id <> '' and system = 'ga4' then 'gclid'
    when click_id <> '' then 'other'
    else ''
end
