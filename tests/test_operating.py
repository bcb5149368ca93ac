"""docs/operating.md and docs/Containerfile are true: settings and dagster.yaml load, commands and files exist."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
import yaml
from dagster._core.instance.config import dagster_instance_config

from pipeline_etl import cli
from pipeline_etl.automation import automation
from pipeline_etl.home import Home
from pipeline_etl.run import INSTANCE
from pipeline_etl.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
CONTAINER = (ROOT / "docs" / "Containerfile").read_text(encoding="utf-8")


def fences(language):
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, flags=re.DOTALL)


def parsed(command):
    """The options of a command of ours, or a SystemExit where it is none."""
    return cli._parser().parse_args(shlex.split(command))


def test_the_settings_load_and_turn_everything_on(tmp_path):
    (text,) = fences("toml")
    (tmp_path / "s.toml").write_text(text)
    settings = load_settings(tmp_path / "s.toml")
    made = automation([], tmp_path, Home(tmp_path), settings)
    names = {d.name for d in (*made.schedules, *made.sensors) if d.default_status.value == "RUNNING"}
    assert len(names) == 7
    said = set(re.findall(r"^\| (`\w+`.*?) \|", DOCUMENT, flags=re.MULTILINE))
    documented = {n if not n.startswith("_") else f"reports{n}" for row in said for n in re.findall(r"`(\w+)`", row)}
    assert names <= documented


@pytest.mark.parametrize("text", fences("yaml"), ids=["one machine", "PostgreSQL"])
def test_each_dagster_yaml_is_one_that_dagster_takes(tmp_path, text):
    (tmp_path / "dagster.yaml").write_text(text)
    config, _ = dagster_instance_config(str(tmp_path))
    assert config["run_retries"]["enabled"] and not config["telemetry"]["enabled"]


def test_that_of_one_machine_is_the_one_a_new_home_gets():
    written = yaml.safe_load(INSTANCE.format(folder='"/srv/pipeline-home/dagster/history/runs"'))
    assert yaml.safe_load(fences("yaml")[0]) == written


def test_postgresql_is_asked_through_the_driver_that_is_installed_beside_it():
    storage = yaml.safe_load(fences("yaml")[1])["storage"]["postgres"]["postgres_db"]
    assert storage["scheme"] == "postgresql+psycopg2" and "psycopg2-binary" in DOCUMENT
    assert set(storage["password"]) == {"env"}, "no password stands in a file"


def test_each_command_is_one_of_ours():
    text = re.sub(r"```(\w*)\n(.*?)```", lambda fence: fence[2] if fence[1] == "sh" else "", DOCUMENT, flags=re.DOTALL)
    commands = re.findall(r"(?:^|`)pipeline-etl ((?:run|ui|report|verify|explain)\b[^`\n]*)", text, flags=re.MULTILINE)
    assert len(commands) >= 8
    for command in commands:
        parsed(command)


def test_the_service_starts_a_command_of_ours():
    unit = configparser.ConfigParser()
    unit.optionxform = str
    unit.read_string(fences("ini")[0])
    program, _, command = unit["Service"]["ExecStart"].partition(" ")
    assert program.endswith("/pipeline-etl") and parsed(command).settings == Path("/srv/settings.toml")
    assert parsed(command).host == "127.0.0.1"


def test_the_proxy_asks_for_a_login_and_hands_on_to_the_port_of_the_ui():
    (proxy,) = fences("nginx")
    assert "auth_basic " in proxy and f"proxy_pass http://127.0.0.1:{parsed('ui').port};" in proxy
    assert proxy.count("{") == proxy.count("}")
    assert all(line.rstrip().endswith((";", "{", "}")) for line in proxy.splitlines() if line.strip())


def test_what_the_container_copies_is_there_and_what_it_calls_is_ours():
    lines = [line for line in CONTAINER.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    words = {"FROM", "WORKDIR", "RUN", "COPY", "USER", "VOLUME", "EXPOSE", "ENTRYPOINT", "CMD"}
    assert {line.split(" ")[0] for line in lines} == words
    copied = [source for line in lines if line.startswith("COPY ") for source in line.split()[1:-1]]
    assert all((ROOT / source).exists() for source in copied)
    packed = re.findall(r'packages = \[(.*?)\]|^(\w+) = "pipeline_etl/sql"|^readme = "(.*?)"', (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)
    needed = {name for found in packed for name in re.findall(r"[\w.]+", " ".join(found))}
    assert {"pipeline_etl", "assets", "sql", "README.md"} == needed <= {source.rstrip("/") for source in copied}
    (entry,) = (line.partition(" ")[2] for line in lines if line.startswith("ENTRYPOINT"))
    (called,) = (line.partition(" ")[2] for line in lines if line.startswith("CMD"))
    assert yaml.safe_load(entry) == ["pipeline-etl"]
    options = parsed(shlex.join(yaml.safe_load(called)))
    assert (options.command, options.host, f"EXPOSE {options.port}" in lines) == ("ui", "0.0.0.0", True)
    # Root runs nothing that lasts, and what is installed is what the lock file says.
    assert lines.index("USER pipeline") < next(n for n, line in enumerate(lines) if line.startswith("ENTRYPOINT"))
    assert all("--require-hashes" in line or "--no-deps" in line for line in lines if "pip install" in line)


def test_the_ui_does_not_start_with_faulty_settings(tmp_path, capsys):
    (tmp_path / "s.toml").write_text('nightly_at = "2:30"')
    assert cli.main(["ui", "--home", str(tmp_path / "home"), "--settings", str(tmp_path / "s.toml")]) == 2
    assert "s.toml:1: nightly_at reads" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_what_it_links_to_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", DOCUMENT):
        assert (ROOT / "docs" / target).exists(), target
