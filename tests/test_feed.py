"""Feeds: each system's rows become rows of an entity; what does not fit is said when the definitions load."""

import duckdb
import pytest

from pipeline_etl import Column, Contract, Entity, Feed, String
from pipeline_etl.catalog import raw_tables
from pipeline_etl.feed import FeedError, bind_feeds

ONE = Contract("one_deals", "One row per deal.", Column("deal_id", String, "Id.", ["Id"]), Column("value", String, "Value.", nullable=True))
TWO = Contract("two_big_deals", "One row per deal.", Column("number", String, "Id.", ["Number"]), key=("number",), system="two_big")
CONTRACTS = (ONE, TWO)
DEALS = Entity("deals", {"deal_id": "VARCHAR", "amount": "DECIMAL(18,4)"}, has_copies=True)
FEEDS = [
    Feed("deals", "select deal_id, value as amount from raw.one_deals"),
    Feed("deals", "with d as (select number from raw.two_big_deals where 'raw.x' <> number) select number as deal_id from d"),
]


def bound(feeds=FEEDS):
    return bind_feeds([DEALS], feeds, CONTRACTS, raw_tables(CONTRACTS))


def rows(query):
    with duckdb.connect() as connection:
        for schema in ("raw", "copies"):
            connection.execute(f"create schema {schema}")
            connection.execute(f"create table {schema}.one_deals as select '1' as deal_id, '2.5' as value")
        connection.execute("create table raw.two_big_deals as select 'n' as number")
        connection.execute("create table copies.two_big_deals as select unnest(['n', 'older n']) as number")
        cursor = connection.execute(f"{query} order by all")
        return [c[0] for c in cursor.description], [tuple(map(str, r)) for r in cursor.fetchall()]


def test_the_rows_of_all_systems_are_one_table():
    assert rows(bound().query("feeds.deals")) == (["system", "deal_id", "amount"], [("one", "1", "2.5000"), ("two_big", "n", "None")])


def test_a_feed_of_a_system_without_files_is_left_out():
    assert rows(bound().query("feeds.deals", lambda raw: raw == "raw.one_deals"))[1] == [("one", "1", "2.5000")]
    assert rows(bound().query("feeds.deals", lambda raw: False)) == (["system", "deal_id", "amount"], [])


def test_the_copies_hold_the_older_ones_too():
    assert [r[1] for r in rows(bound().query("feeds.deals_copies"))[1]] == ["1", "n", "older n"]


def test_the_tables_behind_a_feed_are_known():
    assert bound().behind("feeds.deals") == {"raw.one_deals", "raw.two_big_deals"}
    assert bound().tables["feeds.deals"] == {"system": "VARCHAR", "deal_id": "VARCHAR", "amount": "DECIMAL(18,4)"}


@pytest.mark.parametrize(
    ("feed", "message"),
    [
        (Feed("deels", "select deal_id from raw.one_deals"), "there is no entity 'deels'; it is one of deals"),
        (Feed("deals", "select deal_id as deal_idd from raw.one_deals"), "deals has no column deal_idd; did you mean deal_id?"),
        (Feed("deals", "select deel_id from raw.one_deals"), 'Referenced column "deel_id" not found'),
        (Feed("deals", "select deal_id from raw.one_deals join raw.two_big_deals on true"), "a feed reads the raw tables of one system"),
        (Feed("deals", "select deal_id from staging.deals"), "a feed reads the raw tables of one system"),
    ],
)
def test_a_feed_that_does_not_fit_is_refused_with_what_to_do(feed, message):
    with pytest.raises(FeedError, match="the feed of de") as refused:
        bound([feed])
    assert message in str(refused.value)


def test_a_contract_begins_with_its_system():
    assert (TWO.system, TWO.object) == ("two_big", "deals")
    with pytest.raises(ValueError, match="its name begins with its system, three_"):
        Contract("two_deals", "One row per deal.", system="three")
