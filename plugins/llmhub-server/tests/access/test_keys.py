"""The file that keeps keys, and the keys as a running server knows them."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from llmhub.records.config import HubConfig
from llmhub_server.access.budgets import with_budgets
from llmhub_server.access.key import AccessKey
from llmhub_server.access.principal import ANYBODY
from llmhub_server.access.ring import KeyRing
from llmhub_server.access.store import AccessError, KeyStore
from llmhub_server.access.token import new_token


def store_in(folder: Path, project: str = "one") -> KeyStore:
    return KeyStore(path=folder / "access.db", project=project)


def key(name: str, **more: Any) -> tuple[AccessKey, str]:
    token, key_id, digest = new_token()
    made = AccessKey(name=name, key_id=key_id, digest=digest, roles=("*",), created_at=1000)
    return evolve(made, **more), token


def bearer(token: str) -> Mapping[bytes, bytes]:
    return {b"authorization": f"Bearer {token}".encode()}


def test_a_key_is_read_as_it_was_kept(tmp_path: Path) -> None:
    limits = {"budget": Decimal("12.50"), "window": "day", "expires_at": 9999}
    made, _ = key("app", roles=("llm.*", "é"), allows=("metrics", "calls"), **limits)
    store_in(tmp_path).add(made)
    assert store_in(tmp_path).keys() == (made,)


def test_no_secret_is_in_the_file_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    made, token = key("app")
    store_in(tmp_path).add(made)
    content = (tmp_path / "access.db").read_bytes()
    assert token.split("_", 2)[2].encode() not in content
    assert token.encode() not in content
    assert stat.S_IMODE((tmp_path / "access.db").stat().st_mode) == 0o600


def test_projects_do_not_share_keys(tmp_path: Path) -> None:
    made, token = key("app")
    store_in(tmp_path, "one").add(made)
    assert store_in(tmp_path, "two").keys() == ()
    assert KeyRing(store_in(tmp_path, "two"), always=True).principal(bearer(token)) is None


def test_two_active_keys_of_one_name_are_refused_and_a_revoked_one_makes_way(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.add(key("app")[0])
    with pytest.raises(AccessError, match="has an active key 'app' already"):
        store.add(key("app")[0])
    store.revoke("app", 2000)
    again, _ = key("app")
    store.add(again)
    assert store.keys() == (again,)


def test_an_unknown_key_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.add(key("web-app")[0])
    with pytest.raises(AccessError, match="Did you mean 'web-app'"):
        store.revoke("webapp", 1)


def test_keys_added_from_many_threads_are_all_kept(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    threads = [threading.Thread(target=store.add, args=(key(f"k{number}")[0],)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.keys()) == 16


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "access.db").write_text("hello " * 1000)
    with pytest.raises(AccessError, match=r"access.db: .*It keeps the access keys"):
        store_in(tmp_path).keys()


def test_a_key_made_before_keys_said_what_they_allow_holds_for_calls_and_the_catalog(tmp_path: Path) -> None:
    made, token = key("app")
    with closing(sqlite3.connect(tmp_path / "access.db")) as connection, connection:
        connection.execute(
            """CREATE TABLE keys (project TEXT NOT NULL, name TEXT NOT NULL, key_id TEXT NOT NULL UNIQUE,
            digest BLOB NOT NULL, roles TEXT NOT NULL, created_at INTEGER NOT NULL, budget TEXT, per TEXT NOT NULL,
            expires_at INTEGER, revoked_at INTEGER, PRIMARY KEY (project, name)) WITHOUT ROWID"""
        )
        connection.execute(
            "INSERT INTO keys VALUES ('one', 'app', ?, ?, '[\"*\"]', 1000, NULL, 'month', NULL, NULL)",
            (made.key_id, made.digest),
        )
        connection.execute("PRAGMA user_version = 1")
    store = store_in(tmp_path)
    assert store.keys() == (made,)
    assert made.allows == ("calls", "catalog")
    assert KeyRing(store).principal(bearer(token)) == made.principal
    another, _ = key("watcher", allows=("metrics",))
    store.add(another)
    assert store.keys() == (made, another)


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    store_in(tmp_path).add(key("app")[0])
    with sqlite3.connect(tmp_path / "access.db") as connection:
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    with pytest.raises(AccessError, match="later version"):
        store_in(tmp_path).keys()


# --- the ring -------------------------------------------------------------------------------------------------------


def test_without_keys_anybody_may_ask(tmp_path: Path) -> None:
    assert KeyRing(store_in(tmp_path)).principal({}) is ANYBODY
    assert KeyRing(store_in(tmp_path), always=True).principal({}) is None


def test_a_key_is_taken_from_either_header(tmp_path: Path) -> None:
    made, token = key("app", roles=("chat",))
    store_in(tmp_path).add(made)
    ring = KeyRing(store_in(tmp_path))
    for headers in (bearer(token), {b"authorization": b"bearer   " + token.encode()}, {b"x-api-key": token.encode()}):
        principal = ring.principal(headers)
        assert principal is not None
        assert (principal.name, principal.roles, principal.labels) == ("app", ("chat",), {"key": "app"})


def test_a_wrong_key_opens_nothing(tmp_path: Path) -> None:
    made, token = key("app")
    store_in(tmp_path).add(made)
    ring = KeyRing(store_in(tmp_path))
    prefix, key_id, _ = token.split("_", 2)
    wrong = ("", token[:-1], f"{token}x", f"{prefix}_{key_id}_", f"{prefix}_000000000000_{token}", token.upper())
    assert [ring.principal(bearer(each)) for each in wrong] == [None] * len(wrong)
    assert ring.principal({b"authorization": f"Basic {token}".encode()}) is None


def test_a_key_that_expires_stops_at_that_second(tmp_path: Path) -> None:
    made, token = key("app", expires_at=5000)
    store_in(tmp_path).add(made)
    clock = [4999.9]
    ring = KeyRing(store_in(tmp_path), now=lambda: clock[0])
    assert ring.principal(bearer(token)) is not None
    clock[0] = 5000.0
    assert ring.principal(bearer(token)) is None


def test_a_change_of_the_file_is_seen_at_the_next_look_and_costs_nothing_else(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    ring = KeyRing(store)
    assert not ring.refresh()
    made, token = key("app")
    store.add(made)
    assert ring.refresh()
    assert not ring.refresh()
    assert ring.principal(bearer(token)) is not None
    store.revoke("app", 2000)
    assert ring.refresh()
    assert ring.principal(bearer(token)) is None


def test_revoking_the_last_key_closes_a_running_server_and_never_opens_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.add(key("app")[0])
    ring = KeyRing(store)
    store.revoke("app", 2000)
    assert ring.refresh()
    assert ring.principal({}) is None


def test_a_file_that_breaks_leaves_the_keys_as_they_were(tmp_path: Path) -> None:
    made, token = key("app")
    store_in(tmp_path).add(made)
    ring = KeyRing(store_in(tmp_path))
    (tmp_path / "access.db").write_text("hello " * 1000)
    assert not ring.refresh()
    assert ring.principal(bearer(token)) is not None


# --- budgets --------------------------------------------------------------------------------------------------------


def test_a_key_with_a_budget_is_a_hard_budget_over_its_label() -> None:
    config = HubConfig(project="one")
    bounded, _ = key("app", budget=Decimal(5), window="day")
    revoked, _ = key("old", budget=Decimal(5), revoked_at=1)
    found = with_budgets(config, [bounded, revoked, key("free")[0]])
    assert list(found.budgets) == ["key app"]
    terms = found.budgets["key app"]
    assert (terms.limit, terms.window, terms.label, terms.on_exceed) == (Decimal(5), "day", {"key": "app"}, "block")
    assert with_budgets(config, [key("free")[0]]) is config
