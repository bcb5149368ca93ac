"""The kernel: reads exports without loss and builds a trusted DuckDB warehouse from them; knows nothing of sales."""

from pipeline_etl.contract import (
    Boolean,
    Column,
    Contract,
    Date,
    Email,
    Integer,
    Money,
    Number,
    Percent,
    Spread,
    String,
    Timestamp,
)
from pipeline_etl.feed import Entity, Feed
from pipeline_etl.mailboxes import email_key
from pipeline_etl.model import Query, computed
from pipeline_etl.workdays import days as working_days

__all__ = [
    "Boolean", "Column", "Contract", "Date", "Email", "Entity", "Feed", "Integer", "Money", "Number", "Percent",
    "Query", "Spread", "String", "Timestamp", "computed", "email_key", "working_days",
]  # fmt: skip
