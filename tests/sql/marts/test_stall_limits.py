"""How long is too long is the stage's own history, and nothing is said where there is too little of it."""


def test_a_band_with_too_few_takes_the_limit_of_all_and_a_stage_with_too_few_has_none(example):
    example("marts.stall_limits", {
        "core.stages": """
            pipeline | stage | stage_order | kind
            p        | Lead  | 1           | open
            p        | Demo  | 2           | open
            p        | Won   | 3           | won
        """,
        "settings.size_bands": "band | low | high\nsmall | 0 | 10\nlarge | 10 |",
        "marts.survival": """
            measure       | pipeline | stage | size_band | cohort  | spells | went_on | went_on_p80_days
            stage         | p        | Lead  | all       | all     | 90     | 39      | 30
            stage         | p        | Lead  | small     | all     | 40     | 20      | 12.5
            stage         | p        | Lead  | large     | all     | 50     | 19      | 44
            stage         | p        | Lead  | all       | quarter | 90     | 90      | 1
            deal in stage | p        | Lead  | all       | all     | 90     | 90      | 2
            stage         | p        | Demo  | all       | all     | 90     | 19      | 3
            stage         | p        | Demo  | small     | all     | 90     | 7       | 3
        """,
    }, """
        pipeline | stage | stage_order | size_band | limit_days | cases | limit_basis
        p        | Lead  | 1           | all       | 30         | 39    | deals of all sizes
        p        | Lead  | 1           | small     | 12.5       | 20    | deals of the same size band
        p        | Lead  | 1           | large     | 30         | 39    | deals of all sizes
        p        | Lead  | 1           | unknown   | 30         | 39    | deals of all sizes
        p        | Demo  | 2           | all       |            | 19    | insufficient history
        p        | Demo  | 2           | small     |            | 19    | insufficient history
        p        | Demo  | 2           | large     |            | 19    | insufficient history
        p        | Demo  | 2           | unknown   |            | 19    | insufficient history
    """)  # fmt: skip


def test_a_stage_that_nobody_entered_has_no_limit(example):
    example("marts.stall_limits", {"core.stages": "pipeline | stage | stage_order | kind\np | Lead | 1 | open"}, """
        pipeline | stage | size_band | limit_days | cases | limit_basis
        p        | Lead  | all       |            | 0     | insufficient history
        p        | Lead  | unknown   |            | 0     | insufficient history
    """)  # fmt: skip
