"""The keys of all projects of this user, in one SQLite file beside the ledger: `access.db`.

Every change is one transaction, so that commands and running servers may meet in it at any time. Without write-ahead
logging, so that the counter at the head of the file tells a server by four bytes whether anything has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from llmhub.config.paths import data_dir
from llmhub.errors import HubError, nearest
from llmhub_server.access.key import AccessKey
from llmhub_server.access.permission import USUAL

NAME = "access.db"
PATIENCE = 5.0
"""Seconds to wait for another program that writes keys."""

_COLUMNS = "name, key_id, digest, roles, created_at, allows, budget, per, expires_at, revoked_at"
_VERSION = 2
_TABLE = """
CREATE TABLE IF NOT EXISTS keys (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    roles TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    allows TEXT NOT NULL,
    budget TEXT,
    per TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (project, name)
) WITHOUT ROWID
"""


class AccessError(HubError):
    """Keys cannot be read or written, or there is no such key."""


@frozen(kw_only=True)
class KeyStore:
    """The keys of *project* in the file at `path`, which is made with the first key."""

    path: Path
    project: str

    @classmethod
    def of(cls, project: str, environ: Mapping[str, str]) -> KeyStore:
        """The keys of *project* in the user's folder for data."""
        return cls(path=data_dir(environ) / NAME, project=project)

    def keys(self) -> tuple[AccessKey, ...]:
        """All keys by name, also expired and revoked ones.

        Raises:
            AccessError: the file cannot be read, or what stands in it makes no sense.
        """
        if not self.path.exists():
            return ()
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM keys WHERE project = ? ORDER BY name",  # noqa: S608 - a constant
                (self.project,),
            ).fetchall()
        try:
            return tuple(_key(row) for row in rows)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise AccessError(
                f"{self.path}: it keeps the access keys, and one of them makes no sense: {error}."
            ) from error

    def key(self, name: str) -> AccessKey:
        """The key *name*.

        Raises:
            AccessError: there is none.
        """
        keys = {key.name: key for key in self.keys()}
        if name not in keys:
            close = nearest(name, tuple(keys))
            hint = f" Did you mean {close!r}?" if close else ""
            raise AccessError(
                f"project {self.project!r} has no key {name!r}.{hint} `llmhub serve keys list` lists all."
            )
        return keys[name]

    def add(self, key: AccessKey) -> None:
        """Keep *key*; a revoked or expired one of its name makes way.

        Raises:
            AccessError: an active key has this name, or the file cannot be written.
        """
        with self._open() as connection:
            connection.execute(
                """DELETE FROM keys WHERE project = ? AND name = ?
                AND (revoked_at IS NOT NULL OR expires_at IS NOT NULL AND expires_at <= ?)""",
                (self.project, key.name, key.created_at),
            )
            try:
                connection.execute(
                    f"INSERT INTO keys (project, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                    (self.project, *_row(key)),
                )
            except sqlite3.IntegrityError:
                raise AccessError(
                    f"project {self.project!r} has an active key {key.name!r} already. `llmhub serve keys revoke "
                    f"{key.name}` ends it, or take another name."
                ) from None

    def revoke(self, name: str, now: int) -> AccessKey:
        """End the key *name* at the time *now*, for good.

        Raises:
            AccessError: there is none, it was revoked before, or the file cannot be written.
        """
        key = self.key(name)
        if key.revoked_at is not None:
            raise AccessError(f"the key {name!r} is revoked already.")
        with self._open() as connection:
            connection.execute(
                "UPDATE keys SET revoked_at = ? WHERE project = ? AND name = ?", (now, self.project, name)
            )
        return evolve(key, revoked_at=now)

    def change_mark(self) -> object:
        """Another value whenever the file has changed; costs microseconds, and never raises."""
        try:
            with self.path.open("rb") as file:
                # https://www.sqlite.org/fileformat2.html#file_change_counter
                return (self.path.stat().st_ino, file.read(28)[24:28])
        except OSError:
            return None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file in a transaction of its own."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                self._bring_up_to_date(connection)
                yield connection
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise AccessError(
                f"{self.path}: {error}. It keeps the access keys; is it readable and writable?"
            ) from error

    def _bring_up_to_date(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise AccessError(f"{self.path} is of a later version of llmhub-server ({version}, this one: {_VERSION}).")
        if version == 0:
            connection.execute(_TABLE)
        if version == 1:  # keys said nothing of what they allow
            connection.execute(f"ALTER TABLE keys ADD COLUMN allows TEXT NOT NULL DEFAULT '{json.dumps(USUAL)}'")
        if version < _VERSION:
            connection.execute(f"PRAGMA user_version = {_VERSION}")


def _row(key: AccessKey) -> Sequence[Any]:
    budget = None if key.budget is None else format(key.budget, "f")
    rest = (budget, key.window, key.expires_at, key.revoked_at)
    return (key.name, key.key_id, key.digest, json.dumps(key.roles), key.created_at, json.dumps(key.allows), *rest)


def _key(row: Sequence[Any]) -> AccessKey:
    name, key_id, digest, roles, created_at, allows, budget, window, expires_at, revoked_at = row
    return AccessKey(
        name=name,
        key_id=key_id,
        digest=bytes(digest),
        roles=tuple(json.loads(roles)),
        created_at=created_at,
        allows=tuple(json.loads(allows)),
        budget=None if budget is None else Decimal(budget),
        window=window,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )
