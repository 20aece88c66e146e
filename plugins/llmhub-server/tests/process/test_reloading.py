"""What changes while a server runs: its configuration, its `.env`, its keys."""

from __future__ import annotations

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest


def config_of(project):
    return json.loads((project.folder / "llmhub.yaml").read_text())


def models(served, key=None):
    headers = {} if key is None else {"x-api-key": key}
    return {each["id"] for each in httpx.get(f"{served.url}/v1/models", headers=headers).json()["data"]}


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
    wait_until(lambda: "new" in models(served), 5)


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
        return {httpx.get(f"{served.url}/v1/models", headers={"x-api-key": token}).status_code for _ in range(10)}

    assert statuses(key) == {200}
    assert models(served, other) == {"chat"}
    revoked = project.llmhub("serve", "keys", "revoke", "app")
    assert revoked.returncode == 0
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
