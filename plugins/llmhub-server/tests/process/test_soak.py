"""A short form of `benchmarks/soak.py`: load while the configuration changes and workers come and go."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

UNTIL = ("--at-least-replaced", "2")
"""However fast the machine: the load goes on until it has met what the test is about."""

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "soak.py"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def soak(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, timeout=590)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_memory_stays_flat_and_every_call_is_recorded() -> None:
    found = soak("--requests", "2500")
    assert found["outcomes"] == {"200": 2500}
    assert found["recorded"] == 2500
    assert found["exit_code"] == 0
    assert found["resident_mib_at_the_end"] < 1.1 * found["resident_mib_after_a_tenth"]


def test_no_request_fails_while_the_configuration_changes_and_workers_are_told_to_end() -> None:
    found = soak("--requests", "1000", "--workers", "2", "--reload-every", "1", "--end-every", "2", *UNTIL)
    assert found["requests"] >= 1000
    assert found["outcomes"] == {"200": found["requests"]}
    assert found["recorded"] == found["requests"]
    assert found["configurations"] > 3
    assert found["workers_replaced"] >= 2


def test_a_killed_worker_cuts_no_more_than_it_had_under_way() -> None:
    found = soak("--requests", "500", "--workers", "2", "--kill-every", "2", "--connections", "8", *UNTIL)
    assert set(found["outcomes"]) <= {"200", "cut"}
    assert found["workers_replaced"] >= 2
    assert found["outcomes"].get("cut", 0) <= 8 * found["workers_replaced"]
    assert found["exit_code"] == 0
