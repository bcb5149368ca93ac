"""`make mutants`: mutate the models of marts and core, judge every mutant, and say which ones no test notices.

It ends with 1 when fewer than LEAST of a hundred are killed; those that survivors.toml lists are not counted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import queue
import random
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlglot

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutants.judge import Judge, Verdict  # noqa: E402
from mutants.mutating import Mutant, mutants, render  # noqa: E402

SCHEMAS = ("core", "marts")
KNOWN = Path(__file__).with_name("survivors.toml")
LEAST = 90


@dataclass(frozen=True)
class Task:
    """One mutant of one model; without `mutant` the model as sqlglot writes it, which must change nothing."""

    path: Path
    sql: str
    mutant: Mutant | None = None

    @property
    def file(self) -> str:
        """As it is written in survivors.toml."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def table(self) -> str:
        """The model."""
        return f"{self.path.parent.name}.{self.path.stem}"


def make_tasks(paths: Sequence[Path], sample: int | None, seed: int) -> list[Task]:
    """All mutants of these models, or so many of them; after one task for each model that proves the rendering true."""
    found = [Task(path, m.sql, m) for path in paths for m in mutants(path.read_text(encoding="utf-8"))]
    if sample is not None and sample < len(found):
        found = [found[i] for i in sorted(random.Random(seed).sample(range(len(found)), sample))]
    plain = [Task(p, render(sqlglot.parse_one(p.read_text(encoding="utf-8"), dialect="duckdb"))) for p in dict.fromkeys(t.path for t in found)]
    return plain + found


def tests_that_see_models() -> list[str]:
    """The picture tests, and every other file with a test that asks for their bench."""
    asks = re.compile(r"def test_\w+\([^)]*\b(bench|example)\b")
    others = [p for p in sorted((ROOT / "tests").glob("test_*.py")) if asks.search(p.read_text(encoding="utf-8"))]
    return [str(ROOT / "tests" / "sql"), *map(str, others)]


def work(tables: set[str], tests: Sequence[str], examples: int, tasks, results) -> None:
    """One process: pytest with the judge in it; what pytest prints is only of use when it cannot begin."""
    log = os.open(os.devnull, os.O_WRONLY)
    os.dup2(log, 1)
    os.chdir(ROOT)
    judge = Judge(tables, examples, iter(tasks.get, None), results.put)
    plugins = ["-p", "no:cacheprovider", "-p", "no:xdist"]
    code = pytest.main([*tests, "-q", *plugins], plugins=[judge])
    results.put((None, "" if code in (0, 5) else f"pytest could not begin (exit code {int(code)})"))


def judge_all(tasks: Sequence[Task], tests: Sequence[str], examples: int, workers: int) -> dict[int, Verdict]:
    """A verdict of these tests for each task, from so many processes; progress on stderr."""
    context = multiprocessing.get_context("spawn")
    to_do, results = context.Queue(), context.Queue()
    for number, task in enumerate(tasks):
        to_do.put((number, task.table, task.sql))
    for _ in range(workers):
        to_do.put(None)
    tables = {t.table for t in tasks}
    processes = [context.Process(target=work, args=(tables, tests, examples, to_do, results), daemon=True) for _ in range(workers)]
    for process in processes:
        process.start()
    verdicts: dict[int, Verdict] = {}
    while len(verdicts) < len(tasks):
        try:
            number, verdict = results.get(timeout=5)
        except queue.Empty:
            if any(p.is_alive() for p in processes):
                continue
            left = [f"{t.file}: {t.mutant.change if t.mutant else 'as it is'}" for n, t in enumerate(tasks) if n not in verdicts]
            raise SystemExit(f"the judges ended with {len(left)} mutants unjudged, the first of them {left[0]}") from None
        if number is None:
            sys.stderr.write(f"\n{verdict}\n" if verdict else "")
            continue
        verdicts[number] = verdict
        sys.stderr.write(f"\r{len(verdicts)} of {len(tasks)} judged")
        sys.stderr.flush()
    sys.stderr.write("\n")
    for process in processes:
        process.join()
    if not any(v.scenes for v in verdicts.values()):
        raise SystemExit("no test takes part: each fails, or sees none of these models, as they are")
    return verdicts


def tell(tasks: Sequence[Task], verdicts: dict[int, Verdict], known: dict[str, dict[str, str]], least: float) -> bool:
    """Print survivors, a line for each model, and the total; whether it is enough."""
    by_model: dict[str, list[tuple[Task, Verdict]]] = defaultdict(list)
    for number, task in enumerate(tasks):
        if task.mutant:
            by_model[task.file].append((task, verdicts[number]))
        elif verdicts[number].changed or verdicts[number].killed_by:
            print(f"{task.file}: sqlglot does not write it as it was; what follows of it proves little")
    for file, judged in by_model.items():
        for task, verdict in judged:
            if not verdict.killed_by:
                reason = known.get(file, {}).get(task.mutant.change)
                seen = f"other rows in {verdict.changed} of {verdict.scenes} scenes" if verdict.changed else f"the same rows in {verdict.scenes} scenes"
                print(f"{file}:{task.mutant.line}: {task.mutant.change}\n    {'known: ' + reason if reason else 'NEW: ' + seen}")
        made = {t.mutant.change for t, v in judged}
        for change in known.get(file, {}).keys() - {t.mutant.change for t, v in judged if not v.killed_by}:
            if change in made:
                print(f"{file}: survivors.toml lists what is killed now: {change}")
    print(f"\n{'model':<34}{'mutants':>8}{'killed':>8}{'%':>7}{'by test':>9}{'by rule':>9}{'by error':>9}{'known':>7}{'new':>5}")
    rows = [(file, [v for _, v in judged], known.get(file, {}), judged) for file, judged in by_model.items()]
    totals = [0] * 7
    for file, found, listed, judged in rows:
        by = [sum(v.killed_by == how for v in found) for how in ("test", "rule", "error")]
        is_known = sum(t.mutant.change in listed for t, v in judged if not v.killed_by)
        numbers = [len(found), sum(by), *by, is_known, len(found) - sum(by) - is_known]
        totals = [a + b for a, b in zip(totals, numbers, strict=True)]
        print(_line(file, numbers))
    print(_line("all", totals))
    return totals[1] >= (totals[0] - totals[5]) * least / 100


def _line(name: str, numbers: Sequence[int]) -> str:
    made, killed, by_test, by_rule, by_error, known, new = numbers
    rate = f"{100 * killed / (made - known):.1f}" if made > known else ""
    return f"{name:<34}{made:>8}{killed:>8}{rate:>7}{by_test:>9}{by_rule:>9}{by_error:>9}{known:>7}{new:>5}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", help="files such as sql/marts/deals.sql; all of marts and core when none is named")
    parser.add_argument("--sample", type=int, help="judge so many mutants, drawn from all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--examples", type=int, default=60, help="companies for each test that draws them")
    parser.add_argument("--tests", nargs="+", help="judge by these test files alone; by all that see the models when none is named")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--least", type=float, default=LEAST, help="percentage of killed mutants below which it fails")
    parser.add_argument("--strict", action="store_true", help="fail for any survivor that survivors.toml does not list")
    options = parser.parse_args(arguments)
    paths = [Path(m).resolve() for m in options.models] or sorted(p for s in SCHEMAS for p in (ROOT / "sql" / s).glob("*.sql"))
    if missing := [str(p) for p in paths if not p.is_file()]:
        parser.error(f"there is no {', '.join(missing)}")
    tasks = make_tasks(paths, options.sample, options.seed)
    tests = [str(Path(t).resolve()) for t in options.tests or ()] or tests_that_see_models()
    verdicts = judge_all(tasks, tests, options.examples, max(1, options.workers))
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    return 0 if tell(tasks, verdicts, known, options.least) else 1


if __name__ == "__main__":
    sys.exit(main())
