"""What changes while a server runs: its configuration, its `.env`, its keys."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from llmhub import Hub
from llmhub.host import PluginHost
from llmhub.workspace import Workspace
from llmhub_server.process.reloading import Reloading


def config_of(project):
    return json.loads((project.folder / "llmhub.yaml").read_text())


def models(served, key=None):
    headers = {} if key is None else {"x-api-key": key}
    return {each["id"] for each in httpx.get(f"{served.url}/v1/models", headers=headers).json()["data"]}


def status_with(served, key):
    return httpx.get(f"{served.url}/v1/models", headers={"x-api-key": key}).status_code


def test_a_changed_file_comes_into_force_and_a_broken_one_changes_nothing(project, started, ask, wait_until) -> None:
    served = started()
    config = config_of(project)
    config["roles"]["new"] = config["roles"]["alone"]
    project.write(config)
    wait_until(lambda: "new" in models(served), 5)
    assert ask(served, model="new").status_code == 200
    (project.folder / "llmhub.yaml").write_text("project: test\nroles:\n  new: {provider: 3}\n")
    wait_until(lambda: "llmhub.yaml: 2 problems" in served.log.read_text(), 5)
    assert "llmhub.yaml:3:19: roles.new.provider: found the number 3" in served.log.read_text()
    assert ask(served, model="new").status_code == 200
    (project.folder / "llmhub.yaml").unlink()
    time.sleep(1.5)
    assert ask(served, model="new").status_code == 200
    del config["roles"]["new"]
    project.write(config)
    wait_until(lambda: "new" not in models(served), 5)


def test_a_signal_reloads_where_nothing_is_followed(project, started, wait_until) -> None:
    served = started("--no-reload")
    config = config_of(project)
    config["roles"]["new"] = config["roles"]["alone"]
    project.write(config)
    time.sleep(2)
    assert "new" not in models(served)
    served.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "new" in models(served))


def test_a_revoked_key_stops_also_where_files_are_not_followed(project, started, wait_until) -> None:
    key = project.new_key("app", "--role", "*")
    served = started("--no-reload")
    assert "alone" in models(served, key)
    assert project.command("serve", "keys", "revoke", "app").exit_code == 0
    wait_until(lambda: status_with(served, key) == 401)


def test_keys_that_cannot_be_read_are_told_once_and_followed_again_when_they_can(project, started, wait_until) -> None:
    key = project.new_key("app", "--role", "*")
    served = started()

    def set_roles(text: str) -> None:
        with closing(sqlite3.connect(project.kept / "access.db")) as connection, connection:
            connection.execute("UPDATE keys SET roles = ?", (text,))

    set_roles("no JSON")
    wait_until(lambda: "the access keys stay as they were" in served.log.read_text())
    assert status_with(served, key) == 200
    set_roles('["chat"]')
    wait_until(lambda: models(served, key) == {"chat"})
    assert served.log.read_text().count("the access keys stay as they were") == 1


def test_of_two_looks_at_once_the_later_one_holds(project, monkeypatch) -> None:
    """Reading a thousand roles takes longer than reading the few that take their place meanwhile."""
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(project.kept))
    few = {**config_of(project), "ledger": "none"}
    project.write(few)
    workspace = Workspace(project.folder)

    async def look_twice() -> set[str]:
        reloading = Reloading(workspace, always=False)
        with Hub(config=few, plugins=PluginHost.empty()) as hub:
            project.write({**few, "roles": {f"role-{number}": few["roles"]["alone"] for number in range(1000)}})
            written = (project.folder / "llmhub.yaml").stat()
            first = asyncio.create_task(reloading.reload(hub))
            for _ in range(100):  # until the first look has begun to read
                await asyncio.sleep(0.01)
                if (project.folder / "llmhub.yaml").stat().st_atime_ns != written.st_atime_ns:
                    break
            project.write(few)
            await reloading.reload(hub)
            await first
            return set(hub.config.roles)

    assert asyncio.run(look_twice()) == set(few["roles"])


def test_what_env_adds_beside_a_file_with_problems_can_still_be_changed(project, monkeypatch) -> None:
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(project.kept))
    monkeypatch.delenv("LATER_KEY", raising=False)
    sound = {**config_of(project), "ledger": "none"}

    async def mend() -> str | None:
        reloading = Reloading(Workspace(project.folder), always=False)
        with Hub(config=sound, plugins=PluginHost.empty()) as hub:
            (project.folder / ".env").write_text("LATER_KEY=first\n")
            project.write({**sound, "roles": 7})
            await reloading.reload(hub)
            (project.folder / ".env").write_text("LATER_KEY=second\n")
            project.write(sound)
            await reloading.reload(hub)
            return os.environ.pop("LATER_KEY", None)

    assert asyncio.run(mend()) == "second"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_key_in_env_is_changed_and_taken_away_in_every_worker(
    project, started, ask, wait_until, provider_server, workers
) -> None:
    config = config_of(project)
    config["providers"]["openai"] = {"api_base": config["providers"]["loopback"]["api_base"], "env_key": "SOME_KEY"}
    config["roles"]["keyed"] = {"provider": "openai", "model": "gpt-4o-mini", "retry": {"attempts": 1}}
    project.write(config)
    (project.folder / ".env").write_text("SOME_KEY=first\n")
    served = started("--workers", workers)

    def keys_seen():
        provider_server.reset()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: ask(served, model="keyed"), range(16)))
        return {request.headers.get("authorization") for request in provider_server.requests}

    first = keys_seen()
    assert len(first) == 1
    (project.folder / ".env").write_text("SOME_KEY=second\n")
    second = wait_until(lambda: keys_seen() - first, 20)
    assert len(second) == 1
    wait_until(lambda: keys_seen() == second, 20)
    (project.folder / ".env").unlink()
    wait_until(lambda: keys_seen() == set(), 20)


def test_a_revoked_key_stops_within_a_second_in_every_worker(project, started, wait_until) -> None:
    key = project.new_key("app", "--role", "*")
    other = project.new_key("other", "--role", "chat")
    served = started("--workers", "2")

    def statuses(token):
        return {status_with(served, token) for _ in range(10)}

    assert statuses(key) == {200}
    assert models(served, other) == {"chat"}
    assert project.command("serve", "keys", "revoke", "app").exit_code == 0
    wait_until(lambda: statuses(key) == {401}, 1)
    assert statuses(other) == {200}


def test_the_first_key_closes_a_running_server(project, started, ask, wait_until) -> None:
    served = started()
    assert ask(served).status_code == 200
    key = project.new_key("app", "--role", "alone")
    wait_until(lambda: ask(served).status_code == 401, 5)
    assert ask(served, key=key).status_code == 200
    assert ask(served, key=key, model="chat").status_code == 403


def test_a_budget_of_a_key_made_while_it_runs_is_in_force(project, started, ask, wait_until) -> None:
    served = started()
    key = project.new_key("app", "--role", "*", "--budget", "1")
    wait_until(lambda: ask(served, key=key).json().get("error", {}).get("code") == "unbounded_cost", 5)
