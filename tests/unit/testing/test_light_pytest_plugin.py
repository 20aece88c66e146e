"""Every run of pytest loads our pytest plugin, also of projects that only have LLM Hub among their dependencies."""

import subprocess
import sys

HEAVY = {"any_llm", "cattrs", "click", "filelock", "httpx", "openai", "pydantic", "rich"}
HEAVY |= {"ruamel", "stamina", "uvicorn", "llmhub.hub", "llmhub.host", "llmhub.catalog", "llmhub.testing.server"}

LOADED = """
import sys, pytest
before = set(sys.modules)
import llmhub.testing.pytest_plugin, llmhub.testing.report_plugin
print(*sorted(set(sys.modules) - before))
"""


def test_the_pytest_plugin_loads_nothing_heavy_into_a_run_of_pytest() -> None:
    answer = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = set(answer.stdout.split())
    assert "llmhub.testing.report_plugin" in loaded
    assert not loaded & HEAVY
