"""Which run was the last: by number, for a clock can be set back."""


def test_the_last_has_the_highest_number_whatever_its_clock_said(example):
    example("core.last_run", {"previous.runs": """
        run_number | started_at | as_of      | as_of_on
        1          | 2031-05-01 | 2024-03-01 | 2024-03-01
        3          | 2024-06-01 | 2024-05-15 | 2024-05-15
        2          | 2024-07-01 | 2024-04-01 | 2024-04-01
    """}, """
        started_at | as_of      | as_of_on
        2024-06-01 | 2024-05-15 | 2024-05-15
    """)  # fmt: skip


def test_runs_without_a_number_came_before_all_others(example):
    example("core.last_run", {"previous.runs": """
        run_number | started_at | as_of      | as_of_on
                   | 2031-06-01 | 2024-05-15 | 2024-05-15
        1          | 2024-06-02 | 2024-06-02 | 2024-06-02
    """}, """
        started_at
        2024-06-02
    """)  # fmt: skip


def test_of_runs_without_a_number_the_one_that_began_last(example):
    example("core.last_run", {"previous.runs": "run_number | started_at\n | 2024-06-01\n | 2024-06-02"}, """
        started_at
        2024-06-02
    """)


def test_the_first_run_has_none_before_it(example):
    example("core.last_run", {"previous.runs": "run_number | started_at"}, "started_at")
