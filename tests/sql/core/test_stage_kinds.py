"""What a stage is, by each kind of evidence; and which evidence orders the stages of a pipeline."""

import pytest

FLAGS, NAME = "the export's flags", "its name"


@pytest.mark.parametrize(("flags", "kind", "evidence"), [
    (["won"], "won", FLAGS),
    (["lost"], "lost", FLAGS),
    (["open"], "open", FLAGS),
    (["won", "won", ""], "won", FLAGS),
    (["won", "lost"], "open", NAME),
    (["won", "open"], "open", NAME),
    (["lost", "open"], "open", NAME),
    (["won", "lost", "open"], "open", NAME),
    ([""], "open", NAME),
])  # fmt: skip
def test_flags_say_what_a_stage_is_when_they_all_say_the_same(example, flags, kind, evidence):
    deals = "".join(f"crm | {n} | p | Middle | {flag}\n" for n, flag in enumerate(flags))
    # The flags of another pipeline's stage of that name do not count.
    example("core.stages", {"staging.deals": f"system | deal_id | pipeline | stage | crm_status\n{deals}crm | x | q | Middle | lost"}, f"""
        pipeline | stage  | kind   | kind_evidence
        p        | Middle | {kind} | {evidence}
        q        | Middle | lost   | {FLAGS}
    """)  # fmt: skip


@pytest.mark.parametrize(("stage", "kind"), [
    ("Deal won", "won"), ("CLOSED WON (old)", "won"), ("Venta ganada", "won"), ("Ganado", "won"),
    ("Deal lost", "lost"), ("Closed lost: price", "lost"), ("Venta perdida", "lost"), ("Perdido", "lost"),
    ("Wonder", "open"), ("Lost and found", "open"), ("Ganadores", "open"), ("Perdidos todos", "open"),
])  # fmt: skip
def test_without_flags_the_name_says_it(example, stage, kind):
    example("core.stages", {"staging.deals": f"system | deal_id | pipeline | stage\ncrm | 1 | p | {stage}"}, f"""
        stage   | kind   | kind_evidence
        {stage} | {kind} | {NAME}
    """)  # fmt: skip


def test_the_crms_list_comes_before_flags_and_usual_names_and_after_the_settings(example):
    example("core.stages", {
        "settings.stages": "pipeline | stage | stage_order | kind\n'' | two | | lost\nq | one | | won",
        "staging.stages": """
            pipeline | stage | position | kind
            p        | One   | 1        | won
            p        | One   | 4        | won
            p        | Two   | 2        | won
            p        | Three | 3        | open
            other    | Never | 1        | open
        """,
        "core.known_stages": "name | usual_order | kind\nthree | 100 | won\nfour | 100 | won",
        "staging.deals": """
            system | deal_id | pipeline | stage | crm_status
            crm    | 1       | p        | One   | lost
            crm    | 2       | p        | Two   | open
            crm    | 3       | p        | Four  |
        """,
    }, """
        pipeline | stage | kind | kind_evidence
        p        | One   | won  | the CRM's list of its stages
        p        | Two   | lost | settings
        p        | Three | open | the CRM's list of its stages
        p        | Four  | won  | usual names
        q        | one   | open | its name
    """)  # fmt: skip


def test_an_order_counts_only_where_it_places_all_open_stages_of_the_pipeline(example):
    """Half a list is no list: each pipeline here lacks one open stage in one kind of order, and takes the next kind."""
    example("core.stages", {
        "settings.stages": """
            pipeline | stage | stage_order | kind
            all      | B     | 1           |
            all      | A     | 2           |
            half     | B     | 1           |
        """,
        "staging.stages": """
            pipeline | stage | position | kind
            half     | A     | 2        | open
            half     | B     | 1        | open
            listed   | A     | 1        | open
        """,
        "core.known_stages": "name | usual_order | kind\nx | 20 | open\ny | 10 | open",
        "staging.deals": """
            system | deal_id | pipeline | stage
            crm    | 1       | all      | A
            crm    | 2       | half     | A
            crm    | 3       | listed   | B
            crm    | 4       | listed   | A
            crm    | 5       | usual    | X
            crm    | 6       | usual    | Y
            crm    | 7       | some     | X
            crm    | 8       | some     | Y
            crm    | 9       | some     | Zed
        """,
        "staging.stage_changes": """
            system | deal_id | pipeline | stage | from_stage | changed_at | evidence    | position
            crm    | 3       | listed   | A     | ''         | 2024-01-01 | date column | 2
            crm    | 3       | listed   | B     | ''         | 2024-01-02 | date column | 1
            crm    | 9       | some     | Zed   | ''         | 2024-01-01 | history     |
            crm    | 9       | some     | X     | ''         | 2024-01-02 | history     |
            crm    | 9       | some     | Zed   | ''         | 2024-01-05 | history     |
        """,
    }, """
        pipeline | stage | stage_order | evidence
        all      | B     | 1           | settings
        all      | A     | 2           | settings
        half     | B     | 1           | the CRM's list of its stages
        half     | A     | 2           | the CRM's list of its stages
        listed   | B     | 1           | the order of the export's columns
        listed   | A     | 2           | the order of the export's columns
        usual    | Y     | 1           | the usual order of these names
        usual    | X     | 2           | the usual order of these names
        some     | Zed   | 1           | the order in which deals entered them
        some     | X     | 2           | the order in which deals entered them
        some     | Y     | 3           | the order in which deals entered them
    """)  # fmt: skip


def test_a_stage_that_is_only_named_as_left_or_in_the_settings_is_a_stage(example):
    example("core.stages", {
        "settings.stages": "pipeline | stage | stage_order | kind\np | Planned | |",
        "staging.stage_changes": """
            system | deal_id | pipeline | stage | from_stage | changed_at | evidence
            crm    | 1       | p        | Demo  | Lead       | 2024-01-01 | history
            crm    | 1       | p        | Demo  | ''         | 2024-01-01 | history
        """,
    }, """
        pipeline | stage
        p        | Demo
        p        | Lead
        p        | Planned
    """)  # fmt: skip


def test_closed_stages_come_last_the_won_before_the_lost(example):
    example("core.stages", {
        "staging.deals": """
            system | deal_id | pipeline | stage    | crm_status
            crm    | 1       | p        | A lost   | lost
            crm    | 2       | p        | B won    | won
            crm    | 3       | p        | C open   | open
            crm    | 4       | p        | D lost   | lost
        """,
    }, """
        stage  | stage_order | kind
        C open | 1           | open
        B won  | 2           | won
        A lost | 3           | lost
        D lost | 4           | lost
    """)  # fmt: skip
