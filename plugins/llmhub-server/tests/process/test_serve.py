"""`llmhub serve` as a process: how it begins, what it says, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest


def test_it_says_one_line_serves_and_ends_in_good_order(started, ask) -> None:
    served = started()
    assert served.line.startswith(f"test at http://127.0.0.1:{served.port}/v1: 9 roles (alone, chat, ")
    assert served.line.endswith("; no keys, for this machine only\n")
    assert ask(served).status_code == 200
    assert served.end() == 0
    assert served.log.read_text() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_call_under_way_is_finished_and_recorded_and_nothing_new_is_taken(
    provider_server, started, ask, recorded, wait_until, number
) -> None:
    provider_server.always("gpt-4o-mini", "hang-2")
    served = started()
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(ask, served)
        wait_until(lambda: provider_server.requests)
        served.process.send_signal(number)
        time.sleep(0.5)
        with pytest.raises(httpx.ConnectError):
            httpx.get(served.url)
        answer = under_way.result(30)
    assert (answer.status_code, answer.headers["connection"]) == (200, "close")
    assert served.process.wait(20) == 0
    assert recorded() == 1


def test_a_kept_connection_is_answered_once_more_and_told_to_close(started, ask) -> None:
    served = started()
    with httpx.Client() as client:
        assert "connection" not in ask(served, client=client).headers
        served.process.terminate()
        time.sleep(0.3)
        assert ask(served, client=client).headers["connection"] == "close"
    assert served.process.wait(20) == 0


def test_what_lasts_longer_than_the_drain_is_broken_off(provider_server, started, ask, wait_until) -> None:
    provider_server.always("gpt-4o-mini", "hang-30")
    served = started("--drain", "1")
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(ask, served)
        wait_until(lambda: provider_server.requests)
        began = time.monotonic()
        served.process.terminate()
        assert served.process.wait(20) == 0
        assert 0.9 < time.monotonic() - began < 8
        answer = under_way.result(5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "server_ending")
    assert answer.headers["retry-after"] == "1"
    assert "1 calls under way were broken off" in served.log.read_text()
    assert "Traceback" not in served.log.read_text()


def test_a_second_signal_ends_it_at_once(provider_server, started, ask, wait_until) -> None:
    provider_server.always("gpt-4o-mini", "hang-30")
    served = started()
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(ask, served)
        wait_until(lambda: provider_server.requests)
        served.process.terminate()
        time.sleep(0.3)
        served.process.terminate()
        assert served.process.wait(8) == 0
        assert under_way.result(5).status_code == 503


def test_a_stream_is_drained_to_its_last_chunk(provider_server, started) -> None:
    provider_server.always("gpt-4o-mini", "pace-0.2")
    served = started()
    asked = {"model": "alone", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    with httpx.stream("POST", f"{served.url}/v1/chat/completions", json=asked, timeout=60) as answer:
        lines = answer.iter_lines()
        next(lines)
        served.process.terminate()
        assert "data: [DONE]" in list(lines)
    assert served.process.wait(20) == 0


# --- what is refused at the beginning -------------------------------------------------------------------------------


def test_without_a_key_it_listens_for_this_machine_only(project) -> None:
    refused = project.llmhub("serve", "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 1
    assert "llmhub serve keys add" in refused.stderr
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr


def test_a_taken_port_is_told_with_the_remedy(project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = project.llmhub("serve", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "address already in use" in refused.stderr
    assert "--port 0" in refused.stderr


def test_all_problems_of_the_configuration_are_told_before_it_listens(project) -> None:
    (project.folder / "llmhub.yaml").write_text("project: a\nroles:\n  x: {provider: opnai}\n  y: {model: 3}\n")
    refused = project.llmhub("serve", "--port", "0")
    assert refused.returncode == 1
    assert "problems" in refused.stderr
    assert "openai" in refused.stderr
    assert refused.stdout == ""


def test_a_budget_of_a_key_without_a_ledger_is_refused_before_it_listens(project) -> None:
    project.new_key("app", "--role", "*", "--budget", "5")
    config = json.loads((project.folder / "llmhub.yaml").read_text())
    project.write({**config, "ledger": "none"})
    refused = project.llmhub("serve", "--port", "0")
    assert refused.returncode == 1
    assert "budgets need a ledger" in refused.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--max-body", "lots"),
        ("--max-body", "0"),
        ("--cors-origin", "*"),
        ("--cors-origin", "app.example"),
        ("--workers", "0"),
        ("--max-calls", "0"),
    ],
)
def test_an_option_that_makes_no_sense_is_a_usage_error(project, option, value) -> None:
    refused = project.command("serve", option, value)
    assert refused.exit_code == 2
    assert option in refused.stderr


def test_a_worker_bears_a_call_in_less_than_150_megabytes(started, ask) -> None:
    served = started()
    assert ask(served).status_code == 200
    status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) < 150 * 1024


def test_a_worker_imports_neither_the_page_nor_mcp() -> None:
    program = (
        "import sys, any_llm, uvicorn, llmhub_server.application, llmhub_server.process.worker\n"
        "print(*sorted({'nicegui', 'fastapi', 'mcp', 'scipy', 'pytest'} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=100)
    assert found.stdout.strip() == ""
