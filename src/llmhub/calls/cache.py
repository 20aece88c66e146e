"""Answers kept on disk, for roles whose file says so: the same question to the same model need not be paid for twice.

Exact, and nothing cleverer: an answer is found again only for the same method, provider, address, model, parameters and
input. It lives for the role's `ttl`, and the least recently used go first when there are too many. One SQLite file
serves all processes of a project; a file that cannot be used costs the answers in it, never a call.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from llmhub.anyllm import kept
from llmhub.config.names import file_name
from llmhub.records.calls import Method

LARGEST = 10_000
"""Answers a file holds at most."""

SWEEP = 100
"""Writes between two looks at how many there are."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    key BLOB PRIMARY KEY, expires REAL NOT NULL, used REAL NOT NULL, answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_by_use ON answers (used);
"""


class ResponseCache:
    """The answers of one project. Safe from any thread; what it does takes tens of microseconds."""

    def __init__(self, path: Path, *, largest: int = LARGEST, clock: Callable[[], float] = time.time) -> None:
        self._path, self._largest, self._clock = path, largest, clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection] = []
        self._writes = 0

    def get(self, key: bytes) -> Any:
        """The answer under *key* as any-llm's own object; `None` when there is none that is still good."""
        now = self._clock()
        try:
            with self._lock, self._opened() as connection:
                row = connection.execute(
                    "UPDATE answers SET used = ? WHERE key = ? AND expires > ? RETURNING answer", (now, key, now)
                ).fetchone()
        except (sqlite3.Error, OSError, ValueError) as error:  # SQLite quotes damaged bytes as text
            _log("the response cache cannot be read", error)
            return None
        return None if row is None else kept.restored(row[0])

    def put(self, key: bytes, answer: Any, ttl: float) -> None:
        """Keep *answer* for *ttl* seconds, if it is of a kind that can be kept."""
        text = kept.written(answer)
        if text is None:
            return
        now = self._clock()
        try:
            with self._lock, self._opened() as connection:
                connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (key, now + ttl, now, text))
                self._writes += 1
                if (self._writes - 1) % SWEEP == 0:
                    self._sweep(connection, now)
        except (sqlite3.Error, OSError, ValueError) as error:
            _log("the response cache cannot be written", error)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def forget(self) -> None:
        """In a forked child: open the file anew. What a parent opened must not be used, nor closed, by its child."""
        self._lock = threading.Lock()
        if self._connection is not None:
            self._inherited.append(self._connection)
        self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Answers may be as private as the questions.
            self._path.touch(mode=0o600)
            connection = sqlite3.connect(self._path, timeout=1.0, check_same_thread=False)
            # What a crash may cost here is a few answers, which the provider gives again.
            try:
                connection.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {_SCHEMA}")
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _sweep(self, connection: sqlite3.Connection, now: float) -> None:
        connection.execute("DELETE FROM answers WHERE expires <= ?", (now,))
        connection.execute(
            "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used DESC LIMIT -1 OFFSET ?)",
            (self._largest,),
        )


def key_of(
    method: Method, provider: str, api_base: str | None, model: str, params: Mapping[str, Any], payload: Any
) -> bytes | None:
    """What an answer depends on, as a digest; `None` where something in it has no exact written form: a function, a
    class to parse into, a file."""
    try:
        text = json.dumps([method, provider, api_base, model, params, payload], sort_keys=True, allow_nan=False)
    except (TypeError, ValueError):
        return None
    return hashlib.sha256(text.encode()).digest()


def cache_file(folder: Path, project: str) -> Path:
    """Where the answers of *project* lie below *folder*; projects of one name share them."""
    return folder / "responses" / f"{file_name(project)}.db"


def _log(message: str, error: Exception) -> None:
    import logging

    logging.getLogger("llmhub").warning("%s: %s", message, error)
