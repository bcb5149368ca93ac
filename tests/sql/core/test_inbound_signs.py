"""Which touches and activities say that somebody waits for us, and who that is."""

import pytest

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2024-06-30 12:00",
    "settings.automatic_mails": "pattern\nautomatic reply*",
    "staging.people": """
        system | person_id | email
        crm    | 1         | ana@x.example
        crm    | 2         | desk@x.example
        crm    | 3         | desk@x.example
    """,
    "core.person_links": "system | person_id | person\ncrm | 1 | crm:1\ncrm | 2 | crm:2\ncrm | 3 | crm:3",
}


@pytest.mark.parametrize("touch, sign", [
    ("form | /contact", "form"), ("form_fill |", "form"), ("form success |", "form"), ("Filled Out Form |", "form"), ("generate_lead |", "form"),
    ("form_submit |", "form"), ("form view |", ""), ("form_start |", ""), ("form error |", ""), ("platform visit | /p", ""),
    ("email reply |", "reply"), ("email replied |", "reply"), ("automatic reply |", ""), ("email sent |", ""), ("email open | /pricing", ""),
    ("visit | https://x.example/pricing?a=1", "pricing page"), ("page_view | /precios/", "pricing page"), ("visit | /enterprise", ""),
    ("Meeting requested |", "meeting request"), ("meeting booked |", "meeting request"), ("Request a demo |", "meeting request"),
    ("booked_meeting |", "meeting request"), ("campaign: Responded |", ""), ("webinar attended |", ""), (" |", ""),
])  # fmt: skip
def test_what_happened(example, touch, sign):
    touches = f"system | touch_id | occurred_at | email | touch_type | page\nweb | 1 | 2024-06-01 | ana@x.example | {touch}"
    example("core.inbound_signs", {**GIVEN, "staging.touches": touches}, f"person | sign\ncrm:1 | {sign}" if sign else "person | sign")


@pytest.mark.parametrize("activity, sign", [
    ("Email | inbound | | Hello", "reply"), ("INCOMING_EMAIL | inbound | true |", "reply"), ("Email | outbound | true |", ""), ("Email | | true |", ""),
    ("Email | inbound | true | Automatic reply: Hello", ""), ("Call | inbound | true |", ""), ("Email | inbound | false |", ""),
])  # fmt: skip
def test_an_e_mail_that_came_in_is_a_reply(example, activity, sign):
    acts = f"system | activity_id | occurred_at | person_id | activity_type | direction | is_done | subject\ncrm | 9 | 2024-06-01 | 1 | {activity}"
    expected = "recorded_as | sign_id | person | sign" + (f"\nactivity | 9 | crm:1 | {sign}" if sign else "")
    example("core.inbound_signs", {**GIVEN, "staging.activities": acts}, expected)


def test_who_wrote_is_the_record_then_the_first_with_the_address_then_the_address(example):
    example("core.inbound_signs", {**GIVEN, "staging.touches": """
        system | touch_id | occurred_at      | person_id | email            | visitor_id | touch_type
        crm    | 1        | 2024-06-01       | 3         | ana@x.example    |            | form
        web    | 2        | 2024-06-01       | 3         | ana@x.example    |            | form
        web    | 3        | 2024-06-01       |           | desk@x.example   |            | form
        web    | 4        | 2024-06-30 12:00 |           | nobody@y.example |            | form
        web    | 5        | 2024-06-30 12:01 |           | nobody@y.example |            | form
        web    | 6        | 2024-06-01       |           |                  | v7         | form
    """}, """
        sign_id | person
        1       | crm:3
        2       | crm:1
        3       | crm:2
        4       | nobody@y.example
    """)  # fmt: skip
