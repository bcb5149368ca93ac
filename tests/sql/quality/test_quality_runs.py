"""Runs are numbered in the order in which they were published."""


def test_a_clock_may_be_set_back_even_to_where_it_was(example):
    before = "run_number | started_at\n1 | 2031-01-01\n2 | 2024-06-01 02:00\n3 | 2024-05-31"
    example("quality.runs", {"previous.runs": before, "core.run": "started_at\n2024-06-01 02:00"}, """
        run_number | started_at
        1          | 2031-01-01
        2          | 2024-06-01 02:00
        3          | 2024-05-31
        4          | 2024-06-01 02:00
    """)


def test_runs_of_a_release_that_did_not_number_them_keep_their_order(example):
    before = "run_number | started_at\n | 2024-06-02\n | 2024-06-01"
    example("quality.runs", {"previous.runs": before, "core.run": "started_at\n2024-06-03"}, """
        run_number | started_at
        1          | 2024-06-01
        2          | 2024-06-02
        3          | 2024-06-03
    """)


def test_a_run_of_which_some_assets_are_made_again_is_one_run(example):
    before = "run_number | started_at\n1 | 2031-01-01\n2 | 2024-06-01"
    example("quality.runs", {"previous.runs": before, "core.run": "started_at\n2024-06-01"}, """
        run_number | started_at
        1          | 2031-01-01
        2          | 2024-06-01
    """)
