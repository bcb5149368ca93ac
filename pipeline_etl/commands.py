"""What each command of the command line does."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from pipeline_etl.home import Home
from pipeline_etl.memory import LEAST, parse_memory
from pipeline_etl.notify import Alert, failure, send
from pipeline_etl.run import Result, UsageError, check_usage, open_instance, run
from pipeline_etl.settings import SettingsError, load_settings
from pipeline_etl.summary import summary


def run_command(options: argparse.Namespace) -> int:
    """`run EXPORTS`: publish and print the summary, or say what went wrong."""
    home = Home(options.home)
    if options.memory_limit and (parse_memory(options.memory_limit) or 0) < LEAST:
        raise UsageError(f"--memory-limit {options.memory_limit}: write a size such as 4GB, and at least {LEAST >> 20}MB")
    try:
        check_usage(options.exports, home, options.settings, options.as_of)
    except UsageError as error:
        # A share that is not mounted looks like this at night, and nobody is there to read it.
        with suppress(SettingsError):
            _tell(failure(str(home.folder.resolve()), [str(error)]), options.settings)
        raise
    result = run(
        options.exports, home, options.settings, options.as_of, options.memory_limit, options.wait,
        anew=options.anew, verbose=options.verbose,
    )  # fmt: skip
    if result.alert:
        _tell(result.alert, options.settings)
    if result.published:
        print(summary(home, result.was_read))
        return 0
    for problem in result.problems:
        print(f"pipeline-etl: {problem}", file=sys.stderr)
    kept = f"{home.warehouse} is unchanged" if home.warehouse.exists() else "there is no earlier warehouse"
    print(f"pipeline-etl: nothing was published; {kept}", file=sys.stderr)
    return 1


def _tell(alert: Alert, settings: Path | None) -> None:
    for fault in send(alert, load_settings(settings).notify):
        print(f"pipeline-etl: {fault}", file=sys.stderr)


def demo_command(options: argparse.Namespace) -> int:
    """`demo`: write the demo company and run it."""
    from assets.demo import write_demo

    print(f"writing the demo company ({options.size}) to {options.home}", file=sys.stderr)
    write_demo(options.home, options.size)
    options.exports, options.settings, options.as_of = options.home / "exports", None, ""
    return run_command(options)


def explain_command(options: argparse.Namespace) -> int:
    """`explain FILE …`: how each file would be read; a mapping file to edit is written where that is not sure, or was asked."""
    import assets.sources
    from pipeline_etl.catalog import find_contracts
    from pipeline_etl.explain import explain, mapping_text, unsure_mapping

    contracts = find_contracts(assets.sources)
    unsure = []
    if absent := next((file for file in options.files if not file.is_file()), None):
        raise UsageError(f"{absent}: there is no such file")
    for file in options.files:
        page, is_sure = explain(file, contracts)
        print(page)
        unsure += [] if is_sure else [file]
    if options.mapping or unsure:
        target = options.mapping or unsure_mapping(unsure)
        text = mapping_text(options.files if options.mapping else unsure, contracts)
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{target}: the mapping cannot be written: {error.strerror}; name one with --mapping") from error
        print(f"wrote {target}: say there which column each heading is; it holds for the exports folder that it lies in")
    return 0


def tables_command(options: argparse.Namespace) -> int:
    """`tables [NAME]`: the data dictionary."""
    from pipeline_etl.compose import catalog as load
    from pipeline_etl.dictionary import dictionary, markdown

    catalog = load()
    if options.markdown:
        print(markdown(catalog), end="")
        return 0
    text = dictionary(catalog, options.name or "")
    if not text:
        raise UsageError(f"no table has {options.name!r} in its name; `pipeline-etl tables` lists them all")
    print(text)
    return 0


def verify_command(options: argparse.Namespace) -> int:
    """`verify`: laws and checks of what is published, computed again."""
    from pipeline_etl.verify import verify

    home = Home(options.home)
    if not home.warehouse.exists():
        raise UsageError(f"{home.warehouse}: nothing is published there; run `pipeline-etl run` first")
    text, sound = verify(home)
    print(text)
    return 0 if sound else 1


def report_command(options: argparse.Namespace) -> int:
    """`report [NAME]`: an edition of the reports, or of one, from what is published."""
    from pipeline_etl.compose import reports as load
    from pipeline_etl.editions import NoEdition
    from pipeline_etl.reissue import reissue
    from pipeline_etl.report import ReportError

    reports = load()
    if options.name and options.name not in [r.name for r in reports]:
        raise UsageError(f"there is no report {options.name!r}; there are {', '.join(r.name for r in reports)}")
    try:
        start = date.fromisoformat(options.start) if options.start else None
    except ValueError as error:
        raise UsageError(f"--start {options.start}: write the first day of a {options.period}, such as 2026-03-01") from error
    for report in reports:
        if options.name in (None, report.name):
            try:
                _, written = reissue(report, Home(options.home), options.period, start)
            except (NoEdition, ReportError) as error:
                raise UsageError(str(error)) from error
            print("\n".join(str(file) for files in written.values() for file in files.values()))
    return 0


def forget_command(options: argparse.Namespace) -> int:
    """`forget EMAIL`: erase a person, or all older than so many days, from the home; run again; prove it by a search."""
    from pipeline_etl.forgetting import erase, exports_that_name, older_than, search, totals
    from pipeline_etl.home import LockedError
    from pipeline_etl.mailboxes import email_key

    home, exports = Home(options.home), options.exports or options.home / "exports"
    check_usage(exports, home, options.settings, "")
    if (options.email is None) == (options.older_than is None):
        raise UsageError("forget an EMAIL, or --older-than DAYS; one of the two")
    if options.email:
        if not (key := email_key(options.email)):
            raise UsageError(f"{options.email}: this is the mailbox of a desk or no e-mail address; nobody is forgotten by it")
        keys = {key}
    elif home.warehouse.exists():
        keys = older_than(home, options.older_than)
    else:
        raise UsageError(f"{home.warehouse}: nothing is published there, so nobody is too old for it")
    before = totals(home)
    wanted = sorted({*keys, *([options.email.strip()] if options.email else [])})
    try:
        with home.lock(options.wait):
            erased = erase(home, keys)
        result = run(exports, home, options.settings, "", wait_minutes=options.wait, anew=True)
    except LockedError as error:
        result = Result(False, [str(error)])
    if not result.published:
        for problem in result.problems:
            print(f"pipeline-etl: {problem}", file=sys.stderr)
        print("pipeline-etl: what is published may still name them; mend this, and forget again", file=sys.stderr)
        return 1
    # The run has kept what was published before it.
    with home.lock(options.wait):
        home.prune_versions(0)
    left, after = search(home, wanted), totals(home)
    changed = [f"{name}: {before[name]} before, {after.get(name)} now" for name in before if before[name] != after.get(name)]
    mailboxes = "mailbox" if len(keys) == 1 else "mailboxes"
    print(f"Forgotten  {len(keys):,} {mailboxes}, named by {erased.parts:,} files of the lake")
    print(f"Removed    {erased.versions:,} earlier warehouses, {erased.editions:,} editions of reports, the history of runs")
    print(f"Search     {'nothing of the home names them' if not left else 'STILL NAMED in ' + '; '.join(left)}")
    for name in sorted(erased.names):
        if places := search(home, [name]):
            print(f"           {name!r} stands in {'; '.join(places)}: look whether that is the same person")
    print(f"Totals     {'as before' if not changed else 'CHANGED: ' + '; '.join(changed)}")
    for path in exports_that_name(exports, keys):
        print(f"Exports    {path} still names them and is not ours to change: delete them there, or where it comes from")
    return 1 if left else 0


def ui_command(options: argparse.Namespace) -> int:
    """`ui`: Dagster's web server on this home, on this machine only."""
    home = Home(options.home)
    exports = options.exports or home.folder / "exports"
    load_settings(options.settings)
    with open_instance(home):
        pass
    environment = {
        **os.environ,
        "PIPELINE_ETL_HOME": str(home.folder.resolve()),
        "PIPELINE_ETL_EXPORTS": str(exports.resolve()),
        **({"PIPELINE_ETL_SETTINGS": str(options.settings.resolve())} if options.settings else {}),
    }
    command = [
        sys.executable, "-m", "pipeline_etl.web", "dev", "-m", "pipeline_etl.definitions",
        "--host", options.host, "--port", str(options.port),
    ]  # fmt: skip
    print(f"http://{options.host}:{options.port}  (stop with Ctrl-C)", file=sys.stderr)
    return subprocess.call(command, env=environment, cwd=Path.cwd())


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": run_command,
    "demo": demo_command,
    "explain": explain_command,
    "tables": tables_command,
    "verify": verify_command,
    "report": report_command,
    "forget": forget_command,
    "ui": ui_command,
}
