"""pipeline-etl: the command line. Imports nothing heavy before it knows what is asked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PUBLISHED, FAILED, USAGE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns 0 published or done, 1 failed, 2 wrong usage or unreadable settings."""
    parser = _parser()
    options = parser.parse_args(arguments)
    from pipeline_etl.commands import COMMANDS
    from pipeline_etl.run import UsageError
    from pipeline_etl.settings import SettingsError

    try:
        return COMMANDS[options.command](options)
    except (UsageError, SettingsError) as error:
        print(f"pipeline-etl: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("pipeline-etl: stopped; nothing was published", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    from pipeline_etl.editions import LENGTHS

    parser = argparse.ArgumentParser(
        prog="pipeline-etl",
        description="Exports of a company's CRM and marketing tools in; a trusted DuckDB warehouse and pipeline reports out.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="read a folder of exports, publish the warehouse and the reports")
    run.add_argument("exports", type=Path, metavar="EXPORTS", help="folder with exports of any depth and mix of systems")
    run.add_argument("--as-of", default="", metavar="DATE", help="describe this moment instead of the newest event")
    run.add_argument("--settings", type=Path, metavar="FILE", help="settings file (TOML)")

    demo = commands.add_parser("demo", help="write the demo company's exports, with their known truth, and run them")
    demo.add_argument("--size", choices=("small", "medium", "large"), default="small")

    explain = commands.add_parser("explain", help="say how each file would be read")
    explain.add_argument("files", type=Path, nargs="+", metavar="FILE")
    explain.add_argument("--mapping", type=Path, metavar="FILE", help="where to write a mapping file to edit")

    tables = commands.add_parser("tables", help="the data dictionary")
    tables.add_argument("name", nargs="?", metavar="NAME", help="one table, or a part of its name")
    tables.add_argument("--markdown", action="store_true", help="the whole dictionary as Markdown")

    commands.add_parser("verify", help="digests, laws and checks of what is published")
    report = commands.add_parser("report", help="the report of one week, month or quarter, from what is published")
    report.add_argument("name", nargs="?", metavar="NAME", help="one report; without it, all of them")
    report.add_argument("--period", choices=LENGTHS, default="quarter")
    report.add_argument(
        "--start", default="", metavar="DATE", help="first day of the period; without it, the newest that has ended"
    )
    forget = commands.add_parser("forget", help="erase a person from the home, and prove it by a search")
    forget.add_argument("email", nargs="?", metavar="EMAIL", help="e-mail address of the person")
    forget.add_argument(
        "--older-than", type=int, metavar="DAYS", help="everybody of whom no row is younger than so many days before as-of"
    )
    forget.add_argument("--exports", type=Path, metavar="EXPORTS", help="folder that is read again (HOME/exports)")
    forget.add_argument("--settings", type=Path, metavar="FILE", help="settings file (TOML)")
    forget.add_argument("--wait", type=float, default=0, metavar="MINUTES", help="for a run in this home to end")
    ui = commands.add_parser("ui", help="the Dagster UI on this home, with the finished runs in it")
    ui.add_argument("--port", type=int, default=3000)
    ui.add_argument("--exports", type=Path, metavar="EXPORTS", help="folder for runs that are started in the UI")
    ui.add_argument("--settings", type=Path, metavar="FILE", help="settings of those runs, and when they begin by themselves")
    ui.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on; it asks for no login")
    for command in (run, demo):
        command.add_argument("--verbose", action="store_true", help="log each file and table, its rows and seconds, to stderr")
        command.add_argument("--anew", action="store_true", help="make every table, also those of which nothing has changed")
        command.add_argument(
            "--memory-limit", default="", metavar="SIZE", help="what the run may use, such as 4GB (half of the machine)"
        )
        command.add_argument(
            "--wait", type=float, default=0, metavar="MINUTES", help="for another run in this home to end (0: say so at once)"
        )
    for command in ("run", "demo", "verify", "report", "forget", "ui"):
        commands.choices[command].add_argument(
            "--home", type=Path, default=Path("pipeline-home"), metavar="DIR", help="folder to write to (pipeline-home)"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
