"""Settings and mapping files: every fault is said with its line."""

from datetime import datetime

import pytest

from pipeline_etl.settings import SettingsError, load_mappings, load_settings, parse_as_of


@pytest.mark.parametrize(
    "text, line, fault",
    [
        ('base_curency = "EUR"', 1, "there is no setting 'base_curency'; did you mean 'base_currency'?"),
        ('time_zone = "UTC"\nbase_currency = 3', 2, "base_currency must be a text"),
        ('\n\ntime_zone = "Mars/Base"', 3, "'Mars/Base' is no time zone"),
        ("[exchange_rates]\nEUR = 1.1\nGBP = 0", 3, "an exchange rate reads"),
        ("[exchange_rates]\neuro = 1.1", 2, "an exchange rate reads"),
        ('[pipelines]\nSales = ["Lead", 2]', 2, "list the stages of 'Sales' in order"),
        ('won = "Ganada"', 1, "won must be a list"),
        ("a = = 1", 1, "this is not valid TOML"),
    ],
)
def test_a_fault_names_file_line_and_remedy(tmp_path, text, line, fault):
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert fault in str(error.value)


def test_good_settings(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('base_currency = "EUR"\nwon = ["Ganada"]\n[pipelines]\nSales = ["Lead", "Demo"]\n[exchange_rates]\nUSD = 0.9')
    settings = load_settings(path)
    assert (settings.base_currency, settings.won, settings.pipelines["Sales"], settings.exchange_rates["USD"]) == ("EUR", ("Ganada",), ("Lead", "Demo"), 0.9)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


@pytest.mark.parametrize(
    "text, moment",
    [
        ("", None),
        ("2026-06-30", datetime(2026, 6, 30, 23, 59, 59)),
        ("2026-06-30T18:00", datetime(2026, 6, 30, 18)),
        ("2026-06-30T18:00:00+02:00", datetime(2026, 6, 30, 16)),
    ],
)
def test_as_of(text, moment):
    assert parse_as_of(text) == moment


def test_a_wrong_as_of_is_explained():
    with pytest.raises(SettingsError, match="write a date such as"):
        parse_as_of("yesterday")


@pytest.mark.parametrize(
    "text, fault",
    [
        ('["a.csv"]\nobjekt = "generic_deals"', ":1: a mapping reads"),
        ('["a.csv"]\nobject = "generic_deals"\ncolums = 3', ":1: unknown key colums"),
        ('["a.csv"]\nobject = "generic_deals"\n["a.csv".columns]\nX = 3', "each line of columns reads"),
    ],
)
def test_a_wrong_mapping_file_is_explained(tmp_path, text, fault):
    (tmp_path / "mapping.toml").write_text(text)
    with pytest.raises(SettingsError, match=fault):
        load_mappings(tmp_path)
