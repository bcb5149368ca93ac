"""Which touches and activities say that somebody waits for us, and who that is."""

import pytest

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2024-06-30 12:00",
    "settings.automatic_mails": "pattern\nautomatic reply*",
    "core.person_links": "system | person_id | person\ncrm | 1 | crm:1",
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
    touches = f"side | system | touch_id | occurred_at | person | touch_type | page\nmarketing | web | 1 | 2024-06-01 | crm:1 | {touch}"
    example("core.inbound_signs", {**GIVEN, "core.touches": touches}, f"person | sign\ncrm:1 | {sign}" if sign else "person | sign")


@pytest.mark.parametrize("activity, sign", [
    ("Email | inbound | | Hello", "reply"), ("INCOMING_EMAIL | inbound | true |", "reply"), ("Email | outbound | true |", ""), ("Email | | true |", ""),
    ("Email | inbound | true | Automatic reply: Hello", ""), ("Call | inbound | true |", ""), ("Email | inbound | false |", ""),
])  # fmt: skip
def test_an_e_mail_that_came_in_is_a_reply(example, activity, sign):
    acts = f"system | activity_id | occurred_at | person_id | activity_type | direction | is_done | subject\ncrm | 9 | 2024-06-01 | 1 | {activity}"
    expected = "recorded_as | sign_id | person | sign" + (f"\nactivity | 9 | crm:1 | {sign}" if sign else "")
    example("core.inbound_signs", {**GIVEN, "staging.activities": acts}, expected)


def test_signs_are_those_of_known_people_who_are_no_test_with_their_source_or_channel(example):
    example("core.inbound_signs", {**GIVEN, "core.touches": """
        side      | system | touch_id | occurred_at | person | excluded         | touch_type | source | channel
        marketing | web    | 1        | 2024-06-01  | crm:1  |                  | form       | news   | Email
        marketing | web    | 2        | 2024-06-01  | crm:1  |                  | form       |        | Email
        marketing | web    | 3        | 2024-06-01  | crm:1  |                  | form       | ''     | Unknown
        marketing | web    | 4        | 2024-06-01  | crm:1  |                  | form       |        | Unassigned
        marketing | web    | 5        | 2024-06-01  |        |                  | form       |        |
        marketing | web    | 6        | 2024-06-01  | crm:1  | test or internal | form       |        |
        sales     | web    | 7        | 2024-06-01  | crm:1  |                  | form       |        |
    """}, """
        sign_id | person | source
        1       | crm:1  | news
        2       | crm:1  | Email
        3       | crm:1  |
        4       | crm:1  |
    """)  # fmt: skip
