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
        ('\nworking_hours = ["9:00", "17:00"]', 2, 'working_hours reads `working_hours = ["09:00", "17:00"]`'),
        ('working_hours = ["17:00", "09:00"]', 1, "working_hours reads"),
        ('working_hours = ["09:00", "25:00"]', 1, "working_hours reads"),
        ("working_hours = [9, 17]", 1, "working_hours reads"),
        ("unanswered_days = 0", 1, "unanswered_days is a number of days above 0, such as 2; got 0"),
        ('automatic_mails = ["x", 2]', 1, "automatic_mails are patterns"),
        ('[answer_within_hours]\nFair = 4\nWeb = 0', 3, 'a limit reads `"Web" = 1`: working hours, above 0; got Web = 0'),
        ('[answer_within_hours]\nWeb = "soon"', 2, "a limit reads"),
        ('[owner_time_zones]\nAna = "Mars/Base"', 2, "an owner's time zone reads"),
        ("[owner_time_zones]\nAna = 2", 2, "an owner's time zone reads"),
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


def test_a_lead_is_to_be_answered_within_a_working_day_unless_its_source_says_otherwise(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('working_hours = ["08:00", "16:30"]\nunanswered_days = 3\n[answer_within_hours]\nWeb = 1\n[owner_time_zones]\nAna = "Europe/Madrid"')
    settings = load_settings(path)
    assert settings.answer_limits == {"*": 8.5, "web": 1.0}
    assert (settings.unanswered_days, settings.owner_time_zones) == (3, {"Ana": "Europe/Madrid"})
    assert (load_settings(None).answer_limits, load_settings(None).working_hours) == ({"*": 8.0}, ("09:00", "17:00"))
    path.write_text('[answer_within_hours]\n"*" = 4')
    assert load_settings(path).answer_limits == {"*": 4.0}


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


def settings_of(folder, text):
    path = folder / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(path)


def fault_of(folder, text):
    """The message without the folder: `settings.toml:<line>: …`."""
    with pytest.raises(SettingsError) as error:
        settings_of(folder, text)
    return str(error.value).removeprefix(f"{folder}/")


KNOWN = "base_currency, time_zone, business_time_zone, fiscal_year_begins, holidays, size_bands, working_hours, unanswered_days, attribution_half_life_days, acquisition_lag_days, encoding, memory_limit, keep_versions, personal_columns, pseudonym_key, parquet, report_period, probable_duplicates, currency_signs, exchange_rates, pipelines, test_records, required_fields, owner_time_zones, answer_within_hours, automatic_mails, won, lost, nightly_at, reports_at, watch_exports, silent_after_days, notify"


def test_probable_duplicates_need_an_extra(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline_etl.setting_faults.find_spec", lambda name: None)
    (tmp_path / "s.toml").write_text("probable_duplicates = 0.9")
    with pytest.raises(SettingsError, match=r"s\.toml:1: probable_duplicates needs Splink; run pip install 'pipeline-etl\[dedupe\]'"):
        load_settings(tmp_path / "s.toml")


@pytest.mark.parametrize(
    "text, message",
    [
        ("# base_curency = 1\n\nbase_curency = 'EUR'", "settings.toml:3: there is no setting 'base_curency'; did you mean 'base_currency'?"),
        ("won = []\n[pipelnes]\nA = []", "settings.toml:2: there is no setting 'pipelnes'; did you mean 'pipelines'?"),
        ("zzz = 1", f"settings.toml:1: there is no setting 'zzz'; known settings are {KNOWN}"),
        ("[currency_signs]\n'$' = 'Dollar'", "settings.toml:2: a currency sign reads `\"$\" = \"USD\"`, and is one of $, ¥, kr; got $ = 'Dollar'"),
        ("[test_records]\nname = ['*test*']", "settings.toml:2: test records read `names = [\"*test*\"]`, under one of names, ids, emails; got name = ['*test*']"),
        ("probable_duplicates = true", "settings.toml:1: probable_duplicates must be a number, not True"),
        ("\nprobable_duplicates = 95", "settings.toml:2: probable_duplicates is a probability from 0.5 to 1, such as 0.95; got 95"),
        ("\nfiscal_year_begins = 13", "settings.toml:2: fiscal_year_begins is the number of a month, 1 to 12; got 13"),
        ("fiscal_year_begins = 1.5", "settings.toml:1: fiscal_year_begins must be a whole number, not 1.5"),
        ("business_time_zone = 'Madrid'", "settings.toml:1: 'Madrid' is no time zone; write one such as Europe/Madrid"),
        ("holidays = 'ES-XX'", "settings.toml:1: no holidays are known for 'ES-XX'; write a country or region such as ES or ES-MD"),
        ("report_period = 'year'", "settings.toml:1: report_period is one of week, month, quarter; got 'year'"),
        ("size_bands = [10, 5]", "settings.toml:1: size_bands are rising amounts such as [5000, 20000, 100000]; got [10, 5]"),
        ("\nattribution_half_life_days = 0", "settings.toml:2: attribution_half_life_days is a number of days above 0, such as 2; got 0"),
        ("acquisition_lag_days = -1", "settings.toml:1: acquisition_lag_days is a number of days, such as 60; got -1"),
        ("size_bands = []", "settings.toml:1: size_bands are rising amounts such as [5000, 20000, 100000]; got []"),
        ("time_zone = 2", "settings.toml:1: time_zone must be a text, not 2"),
        ("\nexchange_rates = 1.1", "settings.toml:2: exchange_rates must be a table, not 1.1"),
        ("lost = 'Lost'", "settings.toml:1: lost must be a list, not 'Lost'"),
        ("won = []\n\n\ntime_zone = 'Europe/Madird'", "settings.toml:4: 'Europe/Madird' is no time zone; write one such as Europe/Madrid"),
        ("time_zone = ''", "settings.toml:1: '' is no time zone; write one such as Europe/Madrid"),
        ("time_zone = '../etc'", "settings.toml:1: '../etc' is no time zone; write one such as Europe/Madrid"),
        ("[exchange_rates]\nEUR = 1.08\nUSD = -1", "settings.toml:3: an exchange rate reads `EUR = 1.08`: one unit in base currency; got USD = -1"),
        ("[exchange_rates]\nEUR = '1,08'", "settings.toml:2: an exchange rate reads `EUR = 1.08`: one unit in base currency; got EUR = '1,08'"),
        ("exchange_rates.Eur = 1.1", "settings.toml:1: an exchange rate reads `EUR = 1.08`: one unit in base currency; got Eur = 1.1"),
        ('[pipelines]\nA = ["x"]\n"New Business" = "Lead"', "settings.toml:3: list the stages of 'New Business' in order, as texts"),
        ("[required_fields]\nDemo = ['colour']", "settings.toml:2: required fields read `\"Proposal\" = [\"amount\"]`, of amount, close date, owner, account, contact, source, product, type, probability; got Demo = ['colour']"),
        ("[required_fields]\nall = 'amount'", "settings.toml:2: required fields read `\"Proposal\" = [\"amount\"]`, of amount, close date, owner, account, contact, source, product, type, probability; got all = 'amount'"),
        ("won = []\nlost = = []\n", "settings.toml:2: this is not valid TOML: "),
        ("won = []\nwon = []\ntime_zone = 'UTC'\n", "settings.toml:2: this is not valid TOML: "),
    ],
)  # fmt: skip
def test_the_whole_sentence_of_each_fault(tmp_path, text, message):
    fault = fault_of(tmp_path, text)
    assert fault.startswith(message) if message.endswith(": ") else fault == message


def test_required_fields_of_a_stage_come_on_top_of_those_of_all_stages(tmp_path):
    shipped = ("amount", "close date", "owner", "account")
    assert settings_of(tmp_path, "[required_fields]\nDemo = ['type']").required_fields == {"all": shipped, "Demo": ("type",)}
    assert settings_of(tmp_path, "[required_fields]\nall = []").required_fields == {"all": ()}


def test_without_a_file_there_are_defaults():
    settings = load_settings(None)
    assert (settings.base_currency, settings.time_zone, settings.won, settings.source) == ("", "UTC", (), "defaults")


def test_settings_are_what_the_file_says(tmp_path):
    text = 'time_zone = "Europe/Madrid"\nmemory_limit = "1GB"\nlost = ["Perdida", "No"]\n[pipelines]\n"New Business" = ["B", "A"]\n[exchange_rates]\nEUR = 1\n'
    settings = settings_of(tmp_path, text)
    assert (settings.time_zone, settings.memory_limit, settings.lost, settings.source) == ("Europe/Madrid", "1GB", ("Perdida", "No"), "settings.toml")
    assert (settings.pipelines, settings.exchange_rates) == ({"New Business": ("B", "A")}, {"EUR": 1})


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2024-02-29", datetime(2024, 2, 29, 23, 59, 59)), ("2026-06-30T00:00", datetime(2026, 6, 30)), ("2026-06-30 18:00:01", datetime(2026, 6, 30, 18, 0, 1)),
        ("2026-06-30T23:30:00-05:00", datetime(2026, 7, 1, 4, 30)), ("2026-06-30T18:00Z", datetime(2026, 6, 30, 18)),
    ],
)  # fmt: skip
def test_as_of_is_the_end_of_a_day_or_a_moment_in_utc(text, moment):
    assert parse_as_of(text) == moment


@pytest.mark.parametrize("text", ["2026-06-31", "30/06/2026", "2026-6-30", "now", " 2026-06-30", "1719705600"])
def test_what_is_no_date_is_answered_with_an_example(text):
    with pytest.raises(SettingsError) as error:
        parse_as_of(text)
    assert str(error.value) == f"--as-of {text}: write a date such as 2026-06-30 or a time such as 2026-06-30T18:00"


GOOD = '["my deals*.csv"]\nobject = "generic_deals"\n["my deals*.csv".columns]\n"Fase (actual)" = "stage"\n'


def test_mapping_files_are_read_at_any_depth(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "mapping.toml").write_text(GOOD)
    (tmp_path / "deep" / "touches.mapping.toml").write_text('["t.csv"]\nobject = "generic_touches"\n')
    (tmp_path / "deep" / "settings.toml").write_text("nonsense")
    assert load_mappings(tmp_path) == {
        "t.csv": ("generic_touches", {}),
        "my deals*.csv": ("generic_deals", {"Fase (actual)": "stage"}),
    }


@pytest.mark.parametrize(
    "text, message",
    [
        ("a = 1", 'mapping.toml:1: a mapping reads `["a"]` and below it `object = "generic_deals"`'),
        ('\n["a.csv"]\n', 'mapping.toml:2: a mapping reads `["a.csv"]` and below it `object = "generic_deals"`'),
        (GOOD + '["b.csv"]\nobject = 7', 'mapping.toml:5: a mapping reads `["b.csv"]` and below it `object = "generic_deals"`'),
        (GOOD + '["b.csv"]\nobject = "x"\ncolumn = 1\nzeal = 2', "mapping.toml:5: unknown key column, zeal; a mapping has object and columns"),
        (GOOD + "X = 3", 'mapping.toml:1: each line of columns reads `"Heading in the file" = "column"`'),
        (GOOD + "X = = 1\n", "mapping.toml:5: this is not valid TOML: "),
    ],
)  # fmt: skip
def test_the_whole_sentence_of_each_fault_of_a_mapping(tmp_path, text, message):
    (tmp_path / "mapping.toml").write_text(text)
    with pytest.raises(SettingsError) as error:
        load_mappings(tmp_path)
    fault = str(error.value).removeprefix(f"{tmp_path}/")
    assert fault.startswith(message) if message.endswith(": ") else fault == message


@pytest.mark.parametrize(
    "text, line",
    [
        ('won = ["Gañada"]\n'.encode("cp1252"), 1),
        ('won = ["a"]\n'.encode("utf-16"), 1),
        ('time_zone = "Europe"', 1),
        ("won = [1, 2]", 1),
        ("[exchange_rates]\nEUR = nan", 2),
        ("[exchange_rates]\nEUR = inf", 2),
        ("[exchange_rates]\nEUR = true", 2),
        ('base_currency = "euro"', 1),
        ('memory_limit = "lots"', 1),
        ('memory_limit = "100MB"', 1),
        ("keep_versions = -1", 1),
        ("won = []\n\nlost = [", 3),
        ('[pipelines]\nEUR = ["a"]\n[exchange_rates]\nEUR = 0', 4),
    ],
)
def test_faults_that_hide_well(tmp_path, text, line):
    assert fault_of(tmp_path, text).startswith(f"settings.toml:{line}: ")


def test_a_byte_order_mark_is_no_fault(tmp_path):
    assert settings_of(tmp_path, b'\xef\xbb\xbfwon = ["a"]').won == ("a",)


@pytest.mark.parametrize("columns", ["3", '["stage"]', '"stage"'])
def test_columns_that_are_no_table_are_explained(tmp_path, columns):
    (tmp_path / "mapping.toml").write_text(f'["a.csv"]\nobject = "generic_deals"\ncolumns = {columns}')
    with pytest.raises(SettingsError, match="each line of columns reads"):
        load_mappings(tmp_path)


def test_a_date_without_hyphens_means_the_end_of_that_day_too():
    assert parse_as_of("20260630") == datetime(2026, 6, 30, 23, 59, 59)


def test_the_end_of_time_is_explained():
    with pytest.raises(SettingsError):
        parse_as_of("9999-12-31T23:00-05:00")
