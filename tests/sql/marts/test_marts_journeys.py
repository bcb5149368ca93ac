"""Every touch and every deal has a row, in the order of its journey, or with the reason why it has none."""

from numbering import numbered


def test_what_belongs_to_a_deal_is_numbered_and_what_belongs_to_no_deal_says_why(example):
    """Systems and sides use the same ids: three touches are called a, three deals 1 or 2."""
    example("marts.journeys", numbered({
        "core.touches": """
            side      | system | touch_id | occurred_at | person | deal_id | excluded         | not_linked
            sales     | web    | a        | 2024-01-01  | ann    |         |                  |
            marketing | web    | a        | 2024-01-01  | ann    |         |                  |
            marketing | crm    | a        | 2024-01-01  | ann    |         |                  |
            marketing | web    | b        | 2024-01-02  | ann    |         |                  |
            marketing | web    | c        | 2024-01-03  | ann    |         |                  |
            marketing | web    | d        | 2024-01-03  | bob    |         |                  |
            marketing | web    | e        | 2024-01-03  | ann    |         | test or internal |
            marketing | web    | f        | 2024-01-03  | ann    | gone    |                  |
            marketing | web    | g        | 2024-01-03  |        |         |                  | nobody is named
        """,
        "core.deal_journeys": """
            system | deal_id | side      | touch_system | touch_id | occurred_at | touch_number
            crm    | 1       | sales     | web          | a        | 2024-01-01  | 3
            crm    | 1       | marketing | web          | a        | 2024-01-01  | 2
            crm    | 1       | marketing | crm          | a        | 2024-01-01  | 1
            crm    | 1       | marketing | web          | b        | 2024-01-02  | 4
            crm    | 2       | marketing | web          | b        | 2024-01-02  | 1
            web    | 1       | marketing | web          | b        | 2024-01-02  | 1
        """,
        "core.deal_people": "system | deal_id | person | has_role\ncrm | 1 | ann | true\ncrm | 2 | ann | true\ncrm | 1 | bob | false",
        "core.deals": """
            system | deal_id | created_at
            crm    | 1       | 2024-03-01
            crm    | 2       | 2024-01-01
            crm    | 3       | 2024-01-01
            crm    | 4       | 2024-01-01
            crm    | 5       | 2024-01-01
            web    | 1       | 2024-01-04
            web    | 2       | 2024-01-04
        """,
        "marts.deals": """
            system | deal_id | status
            crm    | 1       | open
            crm    | 2       | won
            web    | 1       | lost
            web    | 2       | open
            crm    | 3       | won
            crm    | 4       | lost
            crm    | 5       | deleted
        """,
    }), """
        side      | touch_system | touch_id | system | deal_id | touch_number | days_before_creation | not_linked
        marketing | crm          | a        | crm    | 1       | 1            | 60                   |
        marketing | web          | a        | crm    | 1       | 2            | 60                   |
        sales     | web          | a        | crm    | 1       | 3            | 60                   |
        marketing | web          | b        | crm    | 1       | 4            | 59                   |
        marketing | web          | b        | crm    | 2       | 1            | -1                   |
        marketing | web          | b        | web    | 1       | 1            | 2                    |
        marketing | web          | c        | ''     | ''      |              |                      | deals of the person are deleted
        marketing | web          | d        | ''     | ''      |              |                      | person without a deal
        marketing | web          | e        | ''     | ''      |              |                      | test or internal
        marketing | web          | f        | ''     | ''      |              |                      | its deal is in no export, or is deleted
        marketing | web          | g        | ''     | ''      |              |                      | nobody is named
        ''        | ''           | ''       | web    | 2       |              |                      |
        ''        | ''           | ''       | crm    | 3       |              |                      |
        ''        | ''           | ''       | crm    | 4       |              |                      |
    """)  # fmt: skip
