"""One writer at a time, and the versions before this one."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pipeline_etl.home import Home, LockedError, private

HOLD = """
import sys, time
from pathlib import Path
from pipeline_etl.home import Home
with Home(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(folder, seconds):
    """Another process that holds the home."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_run_says_who_holds_the_home(tmp_path):
    other = hold(tmp_path, 60)
    with pytest.raises(LockedError, match=rf"another run \(process {other.pid} on .+, since \d{{4}}-.+ UTC\) is at work in {tmp_path}"), Home(tmp_path).lock():
        pass
    other.kill()


def test_a_run_that_may_wait_gets_its_turn(tmp_path):
    other, began = hold(tmp_path, 1), time.monotonic()
    with Home(tmp_path).lock(wait_minutes=1):
        assert 0.3 < time.monotonic() - began < 30
    other.wait()


def test_a_killed_holder_holds_nothing(tmp_path):
    other = hold(tmp_path, 60)
    other.send_signal(signal.SIGKILL)
    other.wait()
    with Home(tmp_path).lock():
        pass


def test_a_holder_that_cannot_be_read_is_still_a_holder(tmp_path):
    other = hold(tmp_path, 60)
    (tmp_path / "run.json").write_text("{half")
    with pytest.raises(LockedError, match=r"^another run is at work"), Home(tmp_path).lock():
        pass
    other.kill()


@pytest.fixture
def home(tmp_path):
    """A home in which versions `1`, `2` … can be published."""
    home = Home(tmp_path)

    def publish(text, keep=2):
        home.keep_version()
        (tmp_path / "next").write_text(text)
        os.replace(tmp_path / "next", home.warehouse)
        home.prune_versions(keep)

    return home, publish


def test_the_newest_versions_stay(home):
    folder, publish = home
    for number in range(1, 6):
        publish(str(number))
    assert folder.warehouse.read_text() == "5"
    assert [(n, path.read_text()) for n, path in folder.kept_versions()] == [(3, "3"), (4, "4")]


def test_versions_are_ordered_by_number_whatever_the_clock_says(home):
    folder, publish = home
    for number in range(1, 5):
        publish(str(number), keep=9)
        os.utime(folder.warehouse, (1_000_000 - number, 1_000_000 - number))
    assert [path.read_text() for _, path in folder.kept_versions()] == ["1", "2", "3"]


def test_a_reader_keeps_what_it_has_open_when_its_version_goes(home):
    folder, publish = home
    publish("1")
    with folder.warehouse.open() as reader:
        for number in range(2, 7):
            publish(str(number), keep=1)
        assert reader.read() == "1"


def test_without_versions_their_folder_goes(home):
    folder, publish = home
    publish("1")
    publish("2")
    publish("3", keep=0)
    assert not folder.versions.exists()


def test_a_file_system_without_hard_links_copies(home, monkeypatch):
    folder, publish = home
    publish("1")
    monkeypatch.setattr(os, "link", lambda *paths: (_ for _ in ()).throw(OSError("not permitted")))
    publish("2")
    assert [path.read_text() for _, path in folder.kept_versions()] == ["1"]


def test_only_the_owner_looks_into_a_private_folder(tmp_path):
    (tmp_path / "lake").mkdir(mode=0o755)
    private(tmp_path / "lake")
    assert (tmp_path / "lake").stat().st_mode & 0o777 == 0o700
