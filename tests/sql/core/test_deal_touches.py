"""The first and the last touch of a deal, of marketing and of the people with a part in it."""

from numbering import numbered

TOUCHES = """
    side      | system | touch_id | occurred_at | channel | campaign
    marketing | web    | 1        | 2025-02-01  | Email   | spring
    marketing | web    | 2        | 2025-03-01  | Display | summer
    marketing | web    | 3        | 2025-02-01  | Event   | winter
    sales     | web    | 1        | 2025-01-01  | Sales   |
    marketing | crm    | 1        | 2024-01-01  | Direct  |
"""
HEADINGS = "system | deal_id | touches | first_touch_at | first_channel | first_campaign | last_touch_at | last_channel | last_campaign"


def test_colleagues_and_the_sales_team_do_not_count_and_at_one_moment_the_id_decides(example):
    example("core.deal_touches", numbered({
        "core.touches": TOUCHES,
        "core.deals": "system | deal_id\ncrm | one\ncrm | two\ncrm | none\ncrm | cold",
        "core.deal_journeys": """
            system | deal_id | side      | touch_system | touch_id | method
            crm    | one     | marketing | web          | 3        | contact
            crm    | one     | marketing | web          | 1        | main contact
            crm    | one     | marketing | web          | 2        | deal
            crm    | one     | marketing | crm          | 1        | same company
            crm    | one     | sales     | web          | 1        | contact
            crm    | two     | marketing | crm          | 1        | converted lead
            crm    | none    | sales     | web          | 1        | contact
            crm    | cold    | marketing | web          | 2        | same company
        """,
    }), f"""
        {HEADINGS}
        crm | one | 3 | 2025-02-01 | Email  | spring | 2025-03-01 | Display | summer
        crm | two | 1 | 2024-01-01 | Direct |        | 2024-01-01 | Direct  |
    """)  # fmt: skip
