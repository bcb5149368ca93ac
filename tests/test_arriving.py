"""When new exports start a run: once they are whole, once per content, and never for what is published or only gone."""

import os
import time

import duckdb
import pytest

from pipeline_etl import arriving
from pipeline_etl.arriving import QUIET, Digests, Seen, examine
from pipeline_etl.home import Home

NOW = 1_800_000_000.0
OLD = NOW - 3600


@pytest.fixture
def folder(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    return exports


def put(path, text="x", at=OLD):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (at, at))
    return path


class Watch:
    """Looks at a folder as the sensor does, one look after another."""

    def __init__(self, folder, home=None):
        self.folder, self.home = folder, Home(home or folder.parent / "home")
        self.seen, self.digests = Seen(), Digests()

    def look(self, now=NOW):
        self.seen, found = examine(self.folder, self.home, self.seen, self.digests, now)
        # What is known from look to look goes through the cursor of a sensor.
        self.seen = Seen.read(self.seen.written())
        return found

    def keys(self, looks=3):
        return [found.key for found in (self.look() for _ in range(looks)) if found.key]


def publish(home, files, started_at="2027-01-01"):
    """A warehouse whose `quality.files` says this: path -> (sha256 or None, bytes)."""
    home.mkdir(exist_ok=True)
    (home / "warehouse.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("create schema quality; create schema settings")
        connection.execute("create table quality.files (path varchar, sha256 varchar, bytes bigint)")
        connection.execute("create table settings.run (started_at timestamp)")
        connection.execute("insert into settings.run values (?)", [started_at])
        for path, (sha, size) in files.items():
            connection.execute("insert into quality.files values (?, ?, ?)", [path, sha, size])


def sha(path):
    return arriving.digest(path)


def test_new_files_start_one_run_at_the_second_look(folder):
    put(folder / "a.csv")
    watch = Watch(folder)
    first, second, third = watch.look(), watch.look(), watch.look()
    assert (first.key, "still arriving" in first.reason) == ("", True)
    assert second.key
    assert (third.key, third.reason) == ("", "nothing new in the folder")


def test_a_file_that_grows_or_was_written_just_now_is_waited_for(folder):
    watch = Watch(folder)
    for size in (1, 2, 3):
        put(folder / "a.csv", "x" * size)
        assert not watch.look().key
    put(folder / "b.csv", at=NOW - QUIET + 1)
    assert [bool(watch.look(NOW).key), bool(watch.look(NOW).key), bool(watch.look(NOW + 2).key)] == [False, False, True]


@pytest.mark.parametrize("name", ["b.csv.part", "b.tmp", "B.CRDOWNLOAD", "b.csv.filepart", "~$b.xlsx", ".b.csv.x8Kq2Z"])
def test_a_program_at_work_is_waited_for_and_what_it_leaves_behind_is_no_export(folder, name):
    put(folder / "a.csv")
    watch = Watch(folder)
    for size in (1, 2):
        put(folder / name, "x" * size, at=NOW - 1)
        assert not watch.look().key
    put(folder / name, "xx")
    assert len(watch.keys()) == 1
    put(folder / name, "xxx")
    assert watch.keys() == [], "what is left of it is nothing new"


def test_a_clock_that_is_ahead_stops_nothing(folder):
    put(folder / "a.csv", at=NOW + 1e6)
    assert len(Watch(folder).keys()) == 1


def test_hidden_files_and_settings_are_no_exports_but_a_mapping_file_changes_how_they_are_read(folder):
    put(folder / "a.csv")
    watch = Watch(folder)
    assert len(watch.keys()) == 1
    put(folder / ".DS_Store")
    put(folder / "settings.toml")
    assert watch.keys() == []
    put(folder / "mapping.toml", '["a.csv"]')
    assert len(watch.keys()) == 1
    put(folder / "mapping.toml", '["b.csv"]', at=OLD + 1)
    assert len(watch.keys()) == 1


def test_the_same_content_has_the_same_key_whatever_its_times_and_another_content_another(folder):
    put(folder / "deep" / "a.csv", "one")
    watch = Watch(folder)
    (first,) = watch.keys()
    put(folder / "deep" / "a.csv", "one", at=OLD + 60)
    assert watch.keys() == [first], "Dagster starts no second run for one key"
    put(folder / "deep" / "a.csv", "two", at=OLD + 2)
    (second,) = watch.keys()
    os.rename(folder / "deep" / "a.csv", folder / "deep" / "b.csv")
    (third,) = watch.keys()
    assert len({first, second, third}) == 3


def test_a_lost_memory_repeats_nothing_that_is_published(folder):
    files = {"a.csv": put(folder / "a.csv"), "b.zip": put(folder / "b.zip", "yy"), "c.xlsx": put(folder / "c.xlsx", "z"), "d.pdf": put(folder / "d.pdf", "pdf")}
    rows = {"a.csv": (sha(files["a.csv"]), 1), "b.zip/in/one.csv": (sha(files["b.zip"]), 2), "b.zip/bad.csv": (None, 2), "c.xlsx#Deals": (sha(files["c.xlsx"]), 1), "d.pdf": (None, 3)}
    publish(folder.parent / "home", rows)
    watch = Watch(folder)
    found = [watch.look(), watch.look()]
    assert ([f.key for f in found], found[1].reason) == (["", ""], "what lies in the folder is published")
    put(folder / "a.csv", "changed")
    assert len(watch.keys()) == 1


def test_a_content_that_comes_back_is_new_against_what_is_published_since(folder):
    home = folder.parent / "home"
    one = put(folder / "a.csv", "one")
    watch = Watch(folder)
    (first,) = watch.keys()
    publish(home, {"a.csv": (sha(one), 3)}, "2027-01-01")
    two = put(folder / "a.csv", "two", at=OLD + 1)
    (second,) = watch.keys()
    publish(home, {"a.csv": (sha(two), 3)}, "2027-01-02")
    put(folder / "a.csv", "one", at=OLD + 2)
    (third,) = watch.keys()
    assert len({first, second, third}) == 3


def test_a_file_that_is_only_gone_starts_nothing(folder):
    kept, gone = put(folder / "a.csv"), put(folder / "b.csv", "y")
    publish(folder.parent / "home", {"a.csv": (sha(kept), 1), "b.csv": (sha(gone), 1)})
    watch = Watch(folder)
    assert watch.keys() == []
    gone.unlink()
    assert watch.keys() == []
    put(folder / "c.csv")
    assert len(watch.keys()) == 1


def test_a_mapping_that_is_younger_than_the_run_is_new(folder):
    kept = put(folder / "a.csv")
    publish(folder.parent / "home", {"a.csv": (sha(kept), 1)}, "2027-01-15 07:00")
    put(folder / "mapping.toml", at=1_799_996_400 - 60)
    assert Watch(folder).keys() == []
    put(folder / "mapping.toml", at=1_799_996_400 + 60)
    assert len(Watch(folder).keys()) == 1


def test_after_a_run_whose_clock_was_ahead_a_mapping_is_looked_at(folder):
    kept = put(folder / "a.csv")
    publish(folder.parent / "home", {"a.csv": (sha(kept), 1)}, "2031-01-15 07:00")
    put(folder / "mapping.toml", at=1_799_996_400 + 60)
    assert len(Watch(folder).keys()) == 1


def test_an_empty_or_absent_folder_and_a_warehouse_of_strangers_are_no_fault(folder, tmp_path):
    assert "no files" in Watch(folder).look().reason
    assert "no such folder" in Watch(tmp_path / "none").look().reason
    put(folder / "a.csv")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "warehouse.duckdb").write_text("no database")
    assert len(Watch(folder).keys()) == 1


def test_large_folders_are_read_in_several_looks_and_each_file_once(folder, monkeypatch):
    for n in range(4):
        put(folder / f"{n}.csv", str(n))
    read, honest = [], arriving.digest

    def slow(path):
        read.append(path.name)
        time.sleep(0.02)
        return honest(path)

    monkeypatch.setattr(arriving, "digest", slow)
    monkeypatch.setattr(arriving, "SECONDS_TO_READ", 0.03)
    watch = Watch(folder)
    watch.look()
    assert watch.look().reason == "reading what is new: 2 of 4 files"
    assert len(watch.keys(3)) == 1
    assert sorted(read) == [f"{n}.csv" for n in range(4)]


@pytest.mark.parametrize("text", [None, "", "{}", "[1]", "nonsense", '{"look": 3}'])
def test_a_cursor_of_strangers_is_an_empty_memory(text):
    assert Seen.read(text) == Seen()
