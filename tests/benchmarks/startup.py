"""How long a process takes to start, as ratios to `python -c pass` of the same round."""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "llmhub")

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import llmhub": [sys.executable, "-c", "import llmhub"],
    "from llmhub import Hub": [sys.executable, "-c", "from llmhub import Hub"],
    "llmhub --help": [SCRIPT, "--help"],
    "llmhub --version": [SCRIPT, "--version"],
    "import any_llm": [sys.executable, "-c", "import any_llm"],
}


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """For each command the median milliseconds, and the median ratio to `python -c pass`."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        _time(command)  # bytecode cached, files warm
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(_time(command))
    base = times["python -c pass"]
    return {
        name: {
            "milliseconds": statistics.median(taken) * 1000,
            "ratio": statistics.median(one / other for one, other in zip(taken, base, strict=True)),
        }
        for name, taken in times.items()
    }


def _time(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""})
    return time.perf_counter() - began
