"""What the sales team did: kinds of activity by their words, and only what was done about a deal by as-of."""

import pytest

from assets.demo.truth.actions import kind_of

KINDS = {
    "Call": "call", "Logged call": "call", "Llamada": "call", "Anruf": "call", "VOICEMAIL": "call", "Video call": "call",
    "Meeting": "meeting", "Event": "meeting", "Reunión": "meeting", "réunion": "meeting", "Lunch": "meeting", "Site visit": "meeting",
    "Email": "e-mail", "INCOMING_EMAIL": "e-mail", "E-Mail": "e-mail", "ListEmail": "e-mail", "Correo electrónico": "e-mail",
    "Demo": "demo", "Demostración": "demo", "Product demo call": "demo", "Démo": "demo",
    "Send brochure": "content", "Proposal sent": "content", "POSTAL_MAIL": "content", "Case study e-mailed": "content",
    "Task": "task", "To-do": "task", "Tarea": "task", "deadline": "task", "Follow-up": "task",
    "NOTE": "other", "WHATS_APP": "other", "": "other", "!": "other", "Recall": "other",
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), KINDS.items())
def test_a_kind_of_activity_is_known_by_its_words(bench, text, kind):
    rows = bench.run(["core.activity_kinds"], {"staging.activities": [{"system": "crm", "activity_id": "1", "activity_type": text}]})
    assert rows["core.activity_kinds"] == [{"activity_type": text, "action": kind}]
    assert kind_of(text, None) == kind


def test_only_what_was_done_about_a_deal_by_as_of_is_an_action(example):
    example("core.actions", {
        "core.as_of": "one | as_of\n1 | 2024-06-30 12:00",
        "core.activity_kinds": "activity_type | action\nCall | call\nEvent | meeting\n'' | other",
        "staging.activities": """
            system | activity_id | activity_type | deal_id | occurred_at      | is_done | direction | subject
            crm    | done        | Call          | 1       | 2024-06-01 09:00 | true    |           | Demo booked
            crm    | held        | Event         | 1       | 2024-06-02 09:00 |         |           | Lunch
            crm    | shown       | Event         | 1       | 2024-06-03 09:00 |         | outbound  | The big DEMO
            crm    | democracy   | Event         | 1       | 2024-06-04 09:00 |         |           | Democracy of users
            crm    | planned     | Event         | 1       | 2024-07-03 09:00 |         |           |
            crm    | undone      | Call          | 1       | 2024-06-03 09:00 | false   |           |
            crm    | no time     | Call          | 1       |                  | true    |           |
            crm    | theirs      | Call          | 1       | 2024-06-03 09:00 | true    | inbound   |
            crm    | nobody's    | Call          | ''      | 2024-06-03 09:00 | true    |           |
            crm    | unnamed     |               | 1       | 2024-06-30 12:00 | true    |           |
        """,
    }, """
        system | activity_id | deal_id | action  | occurred_at
        crm    | done        | 1       | call    | 2024-06-01 09:00
        crm    | held        | 1       | meeting | 2024-06-02 09:00
        crm    | shown       | 1       | demo    | 2024-06-03 09:00
        crm    | democracy   | 1       | meeting | 2024-06-04 09:00
        crm    | unnamed     | 1       | other   | 2024-06-30 12:00
    """)  # fmt: skip
