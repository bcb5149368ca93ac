"""Which channel each way of saying where something came from is given."""

import pytest

HEAD = "system | touch_id | channel | source | medium | campaign_id | referrer | click_id | page\n"


def channel_of(bench, touch, rules=""):
    """The channel of one touch by the shipped rules, after some of one's own."""
    given = {"staging.touches": HEAD + touch}
    if rules:
        given["staging.channel_rules"] = "rule | channel | word | source | medium | campaign | referrer | file | line\n" + rules
    (row,) = bench.run(["core.channel_rules", "core.origins"], given)["core.origins"]
    return row["channel"]


@pytest.mark.parametrize(("touch", "channel"), [
    ("ga4 | 1 | | google    | cpc      | brand | | | ", "Paid Search"),
    ("ga4 | 1 | | Google    | organic  |       | | | ", "Organic Search"),
    ("ga4 | 1 | | facebook  | paid_social | x  | | | ", "Paid Social"),
    ("ga4 | 1 | | linkedin  | cpc      |       | | | ", "Paid Social"),
    ("ga4 | 1 | | linkedin.com | referral |    | | | ", "Organic Social"),
    ("ga4 | 1 | | youtube   | cpc      |       | | | ", "Paid Video"),
    ("ga4 | 1 | | x         | display  |       | | | ", "Display"),
    ("ga4 | 1 | | criteo    | retargeting |    | | | ", "Paid Other"),
    ("ga4 | 1 | | news      | email    |       | | | ", "Email"),
    ("ga4 | 1 | | acme.com  | referral |       | | | ", "Referral"),
    ("ga4 | 1 | | (direct)  | (none)   |       | | | ", "Direct"),
    ("ga4 | 1 | | google    | cpc      | Summer Cross-Network | | | ", "Cross-network"),
    ("ga4 | 1 | |           |          |       | https://www.google.co.uk/ | | ", "Organic Search"),
    ("ga4 | 1 | |           |          |       | https://blog.acme.com/x | | ", "Referral"),
    ("ga4 | 1 | |           |          |       | https://www.linkedin.com/feed | | ", "Organic Social"),
    ("ga4 | 1 | | (direct)  | (none)   |       | | Cj0K | ", "Paid Search"),
    ("web | 1 | |           |          |       | | | https://a.b/p?x=1&li_fat_id=7", "Paid Social"),
    ("generic | 1 | paid_search | | | c1 | | | ", "Paid Search"),
    ("generic | 1 | paid_social | | paid_social | c1 | | | ", "Paid Social"),
    ("generic | 1 | webinar | | webinar | c1 | | | ", "Webinar"),
    ("generic | 1 | email   | | | | | | ", "Email"),
    ("crm | 1 | Trade Show  | | | | | | ", "Event"),
    ("crm | 1 | Partner Referral | | | | | | ", "Partner"),
    ("crm | 1 | Employee Referral | | | | | | ", "Referral"),
    ("crm | 1 | Other       | | | | | | ", "Unassigned"),
    ("crm | 1 |             | | | | | | ", "Unknown"),
])  # fmt: skip
def test_the_shipped_rules_name_the_channels_of_google_and_of_crms(bench, touch, channel):
    assert channel_of(bench, touch) == channel


def test_rules_of_ones_own_come_first_in_the_order_of_their_numbers(bench):
    rules = "2 | Second | | google | | | | 1 | 1\n1 | First | | goo* | cp? | | | 1 | 2"
    assert channel_of(bench, "ga4 | 1 | | google | cpc | | | | ", rules) == "First"
    assert channel_of(bench, "ga4 | 1 | | google | organic | | | | ", rules) == "Second"
    assert channel_of(bench, "ga4 | 1 | | bing | organic | | | | ", rules) == "Organic Search"


def test_the_companys_rules_stand_before_the_shipped_ones_by_number_file_and_line(bench):
    drawn = "rule | channel | file | line\n2 | Fourth | 1 | 1\n1 | Third | 2 | 1\n1 | Second | 1 | 2\n1 | First | 1 | 1"
    found = bench.run(["core.channel_rules"], {"staging.channel_rules": drawn})["core.channel_rules"]
    own = sorted((r["rule"], r["channel"]) for r in found if r["is_own"])
    assert own == [(-999999, "First"), (-999998, "Second"), (-999997, "Third"), (-999996, "Fourth")]
    assert all(r["rule"] > 0 and not r["is_own"] for r in found if r["rule"] > -999996)


def test_patterns_are_no_regular_expressions(bench):
    rules = "1 | Mine | | a.b (c) | | | | 1 | 1\n2 | Mine | | d+ | | | | 1 | 2"
    assert channel_of(bench, "ga4 | 1 | | a.b (c) | x | | | | ", rules) == "Mine"
    assert channel_of(bench, "ga4 | 1 | | d+ | x | | | | ", rules) == "Mine"
    assert channel_of(bench, "ga4 | 1 | | axb (c) | x | | | | ", rules) == "Unassigned"


def test_every_word_of_every_export_has_its_channel_once(bench):
    found = bench.run(["core.channel_rules", "core.origins"], {
        "staging.touches": HEAD + "a | 1 | Web | | | | | | \nb | 2 | web | | | | | | ",
        "staging.people": "system | person_id | lead_source\na | 1 | Web\na | 2 | ",
        "staging.deals": "system | deal_id | lead_source\na | 1 | Trade Show",
        "staging.campaigns": "system | campaign_id | channel\na | 1 | email",
        "staging.spend": """
            system    | spent_on   | account | campaign_id | campaign_name | channel | currency
            a         | 2024-01-01 | ''      | Brand       |               | display | EUR
            a         | 2024-01-02 | ''      | Brand       |               | display | EUR
            Bing_Ads  | 2024-01-01 | ''      | 7           | Spring        | ''      | EUR
        """,
    })["core.origins"]  # fmt: skip
    assert sorted((r["word"], r["campaign"], r["channel"]) for r in found) == [
        ("", "", "Unknown"), ("bing ads", "spring", "Paid Search"), ("display", "brand", "Display"), ("email", "", "Email"), ("trade show", "", "Event"), ("web", "", "Website"),
    ]  # fmt: skip
