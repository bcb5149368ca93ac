"""start.py HOME [--port N] [--check]: Apache Superset on a home's warehouse, with a dataset and a funnel of the open stages.

Run with the Python of .venv-bi (`make bi`). The chart's data is asked through Superset's API and compared with the warehouse;
then Superset serves on this machine alone until Ctrl-C, or ends at once with --check. Exit code 1: the chart is not what the
warehouse holds.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import requests
import yaml

HERE = Path(__file__).parent
USER = "admin"
TABLE = "stage_snapshot"


def prepare(folder: Path, password: str) -> None:
    """A fresh state of Superset with one user; the secret of an earlier start cannot open what that start wrote."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with (folder / "superset.log").open("w") as log:
        secret = {"BI_USER": USER, "BI_PASSWORD": password}
        done = subprocess.run([sys.executable, HERE / "prepare.py"], stdout=log, stderr=log, env={**os.environ, **secret})
    if done.returncode:
        raise SystemExit(f"Superset could not be set up; {folder / 'superset.log'} says why")


def serve(port: int, folder: Path) -> subprocess.Popen:
    """Superset on the loopback address; returns once it answers."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--timeout", "120"]
    with (folder / "superset.log").open("a") as log:
        server = subprocess.Popen([*command, "superset.app:create_app()"], stdout=log, stderr=log)
    for _ in range(240):
        try:
            if requests.get(f"http://127.0.0.1:{port}/health", timeout=5).ok:
                return server
        except requests.RequestException:
            if server.poll() is not None:
                break
        time.sleep(0.5)
    server.terminate()
    raise SystemExit(f"Superset did not start; {folder / 'superset.log'} says why")


class Api:
    """Superset's REST API for the user that was made."""

    def __init__(self, address: str, password: str) -> None:
        self._address, self._session = f"{address}/api/v1", requests.Session()
        login = {"username": USER, "password": password, "provider": "db", "refresh": False}
        token = self("post", "security/login", login)["access_token"]
        self._session.headers.update({"Authorization": f"Bearer {token}", "Referer": address})
        self._session.headers["X-CSRFToken"] = self("get", "security/csrf_token/")["result"]

    def __call__(self, verb: str, path: str, body: dict | None = None) -> dict:
        """The answer as JSON; ends the program with Superset's own words where it refuses."""
        answer = self._session.request(verb, f"{self._address}/{path}", json=body, timeout=120)
        if not answer.ok:
            raise SystemExit(f"Superset refuses {verb} {path}: {answer.text[:500]}")
        return answer.json()


def build(api: Api, home: Path, pipeline: str) -> int:
    """Database, dataset with the measures of semantics.yml, and the funnel of a pipeline; returns the number of the chart."""
    uri = f"duckdb:///{home / 'warehouse.duckdb'}?access_mode=read_only"
    database = api("post", "database/", {"database_name": "pipeline", "sqlalchemy_uri": uri, "expose_in_sqllab": True})["id"]
    dataset = api("post", "dataset/", {"database": database, "schema": "marts", "table_name": TABLE})["id"]
    cubes = yaml.safe_load((home / "semantics.yml").read_text(encoding="utf-8"))["cubes"]
    cube = next(c for c in cubes if c["name"] == TABLE)
    said = {m["name"]: m["description"] for kind in ("dimensions", "measures") for m in cube[kind]}
    columns = api("get", f"dataset/{dataset}")["result"]["columns"]
    kept = ("id", "column_name", "type", "groupby", "filterable", "is_dttm")
    api("put", f"dataset/{dataset}?override_columns=true", {
        "description": cube["description"],
        "columns": [{**{k: c[k] for k in kept}, "description": said.get(c["column_name"])} for c in columns],
        "metrics": [
            {"metric_name": m["name"], "expression": m["sql"].replace("{CUBE}.", ""), "description": m["description"]}
            for m in cube["measures"] if "sql" in m
        ],
    })  # fmt: skip
    for metric in api("get", f"dataset/{dataset}")["result"]["metrics"]:
        if metric["metric_name"] not in said:
            # Superset's own count(*) counts the rows that are totals of others too.
            api("delete", f"dataset/{dataset}/metric/{metric['id']}")
    stages = [("pipeline", "==", pipeline), ("stage", "!=", "all")]
    form = {
        "datasource": f"{dataset}__table", "viz_type": "funnel", "groupby": ["stage"], "metric": "open_deals", "row_limit": 50,
        "sort_by_metric": True, "number_format": "SMART_NUMBER", "color_scheme": "supersetColors", "show_labels": True,
        "percent_calculation_type": "total", "label_type": 3, "tooltip_label_type": 5,  # name and value; and share
        "adhoc_filters": [
            {"clause": "WHERE", "expressionType": "SIMPLE", "subject": c, "operator": o, "comparator": v} for c, o, v in stages
        ],
    }  # fmt: skip
    query = {
        "columns": ["stage"], "metrics": ["open_deals", "open_amount"], "row_limit": 50, "orderby": [["open_deals", False]],
        "filters": [{"col": c, "op": o, "val": v} for c, o, v in stages],
    }  # fmt: skip
    context = {"datasource": {"id": dataset, "type": "table"}, "queries": [query]}
    return api("post", "chart/", {
        "slice_name": f"Open deals per stage: {pipeline}", "viz_type": "funnel",
        "datasource_id": dataset, "datasource_type": "table",
        "params": json.dumps(form), "query_context": json.dumps(context),
    })["id"]  # fmt: skip


def main() -> int:
    """Start, build, compare, serve."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--port", type=int, default=8088)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    home = options.home.resolve()
    if not (home / "semantics.yml").exists():
        print(f"{home}: nothing is published there; run `make run` first", file=sys.stderr)
        return 2
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind(("127.0.0.1", options.port))
        except OSError:
            print(f"port {options.port} is taken; choose another one with BI_PORT=…", file=sys.stderr)
            return 2
        port = free.getsockname()[1]
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        largest = f"from marts.{TABLE} where stage = 'all' and pipeline <> 'all' order by open_deals desc, pipeline limit 1"
        (pipeline,) = warehouse.execute(f"select pipeline {largest}").fetchone()
        held = f"select stage, open_deals, open_amount::double from marts.{TABLE} where pipeline = ? and stage <> 'all'"
        rows = warehouse.execute(held, [pipeline]).fetchall()
    folder, password = home / "bi", secrets.token_urlsafe(12)
    os.environ |= {
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"), "SUPERSET_HOME": str(folder), "SCARF_ANALYTICS": "false",
        "BI_FOLDER": str(folder), "BI_SECRET": secrets.token_urlsafe(42),
    }  # fmt: skip
    # Ended from outside, it ends the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("setting Superset up: a minute or two", file=sys.stderr)
    prepare(folder, password)
    address = f"http://127.0.0.1:{port}"
    server = serve(port, folder)
    try:
        api = Api(address, password)
        chart = build(api, home, pipeline)
        data = api("get", f"chart/{chart}/data/?force=true")["result"][0]["data"]
        drawn = {(r["stage"], r["open_deals"], float(r["open_amount"])) for r in data}
        if drawn != set(rows):
            print(f"the chart shows {sorted(drawn)}, the warehouse holds {sorted(rows)}", file=sys.stderr)
            return 1
        print(f"Superset draws the {len(rows)} stages of {pipeline} as the warehouse holds them")
        if not options.check:
            print(f"{address}/explore/?slice_id={chart}\nuser {USER}, password {password}  (stop with Ctrl-C)", flush=True)
            server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
