"""Dagster's SQLite run history with connections that are kept, so that an event costs a millisecond instead of ten.

Dagster makes a new engine, opens the file and closes it for every event; the last connection to close folds the write-ahead
log back into the file each time. `docs/decisions/0005` has the measurement. The files are the same, and so is all else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

KEPT_OPEN = 8
BUSY_SECONDS = 60


class PooledSqliteEventLogStorage(SqliteEventLogStorage):
    """Configured in the `dagster.yaml` of a home as `event_log_storage`."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: dict[str, str]
    ) -> PooledSqliteEventLogStorage:
        """Made from the configuration of a `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        engines: OrderedDict[str, Engine] = self.__dict__.setdefault("_engines", OrderedDict())
        if shard not in engines:
            engines[shard] = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(engines[shard], "connect", _wait_for_no_disk)
        engines.move_to_end(shard)
        while len(engines) > KEPT_OPEN:
            engines.popitem(last=False)[1].dispose()
        return engines[shard]

    def dispose(self) -> None:
        """Close every connection that was kept."""
        for engine in self.__dict__.pop("_engines", {}).values():
            engine.dispose()
        super().dispose()

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Asked for every event of a check, and answered by Dagster with a query each time."""
        return super().supports_asset_checks


def _wait_for_no_disk(connection: Any, _: Any) -> None:
    # With a write-ahead log a power cut may cost the last events, never the file; the warehouse is written with its own care.
    connection.execute("pragma synchronous = normal")
