"""Where the order and the kind of stages come from."""


def test_the_order_of_the_exports_columns_comes_first(example):
    example("core.stages", {
        "staging.stage_changes": """
            system  | deal_id | pipeline | stage    | from_stage | changed_at | evidence    | position
            hubspot | 1       | Sales    | Proposal | ''         | 2024-01-02 | date column | 1
            hubspot | 1       | Sales    | Lead     | ''         | 2024-01-03 | date column | 2
            hubspot | 1       | Sales    | Won deal | ''         | 2024-01-04 | date column | 3
        """,
    }, """
        pipeline | stage    | stage_order | kind | evidence
        Sales    | Proposal | 1           | open | the order of the export's columns
        Sales    | Lead     | 2           | open | the order of the export's columns
        Sales    | Won deal | 3           | open | the order of the export's columns
    """)  # fmt: skip


def test_usual_names_have_their_usual_order(example):
    example("core.stages", {
        "core.known_stages": """
            name        | usual_order | kind
            prospecting | 10          | open
            proposal    | 60          | open
            closed won  | 100         | won
            closed lost | 110         | lost
        """,
        "staging.deals": """
            system | deal_id | pipeline | stage
            sf     | 1       | default  | Closed Lost
            sf     | 2       | default  | Proposal
            sf     | 3       | default  | Closed Won
            sf     | 4       | default  | Prospecting
        """,
    }, """
        pipeline | stage       | stage_order | kind | evidence
        default  | Prospecting | 1           | open | the usual order of these names
        default  | Proposal    | 2           | open | the usual order of these names
        default  | Closed Won  | 3           | won  | usual names
        default  | Closed Lost | 4           | lost | usual names
    """)  # fmt: skip


def test_unusual_names_stand_in_the_order_in_which_deals_entered_them(example):
    example("core.stages", {
        "staging.stage_changes": """
            system | deal_id | pipeline | stage | from_stage | changed_at | evidence
            crm    | 1       | p        | Zeta  | ''         | 2024-01-01 | history
            crm    | 1       | p        | Alpha | ''         | 2024-01-02 | history
            crm    | 2       | p        | Zeta  | ''         | 2024-01-05 | history
            crm    | 2       | p        | Beta  | ''         | 2024-01-06 | history
            crm    | 3       | p        | Zeta  | ''         | 2024-01-05 | history
            crm    | 3       | p        | Alpha | ''         | 2024-01-06 | history
            crm    | 3       | p        | Beta  | ''         | 2024-01-07 | history
        """,
    }, """
        pipeline | stage | stage_order | evidence
        p        | Zeta  | 1           | the order in which deals entered them
        p        | Alpha | 2           | the order in which deals entered them
        p        | Beta  | 3           | the order in which deals entered them
    """)  # fmt: skip


def test_settings_and_the_exports_flags_overrule_names(example):
    example("core.stages", {
        "settings.stages": """
            pipeline | stage     | stage_order | kind
            p        | Second    | 1           |
            p        | First     | 2           |
            ''       | abandoned |             | lost
        """,
        "staging.deals": """
            system | deal_id | pipeline | stage     | crm_status
            crm    | 1       | p        | First     | open
            crm    | 2       | p        | Second    | open
            crm    | 3       | p        | Signed    | won
            crm    | 4       | p        | Abandoned |
        """,
    }, """
        pipeline | stage     | stage_order | kind | evidence           | kind_evidence
        p        | Second    | 1           | open | settings           | the export's flags
        p        | First     | 2           | open | settings           | the export's flags
        p        | Signed    | 3           | won  | the export's flags | the export's flags
        p        | Abandoned | 4           | lost | settings           | settings
    """)  # fmt: skip


def test_the_crms_own_list_of_stages_says_their_order_and_their_kind(example):
    example("core.stages", {
        "staging.stages": """
            system | pipeline_id | pipeline | stage_id | stage    | position | kind
            crm    | p1          | Sales    | s1       | Zeta     | 1        | open
            crm    | p1          | Sales    | s2       | Alpha    | 2        | open
            crm    | p1          | Sales    | s3       | Finished | 3        | won
            crm    | p2          | Unused   | s4       | Beta     | 1        | open
        """,
        "staging.deals": """
            system | deal_id | pipeline | stage | crm_status
            crm    | 1       | Sales    | Alpha | open
        """,
    }, """
        pipeline | stage    | stage_order | kind | evidence
        Sales    | Zeta     | 1           | open | the CRM's list of its stages
        Sales    | Alpha    | 2           | open | the CRM's list of its stages
        Sales    | Finished | 3           | won  | the CRM's list of its stages
    """)  # fmt: skip
