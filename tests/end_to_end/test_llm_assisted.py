"""`llmhub generate` with `generator: llm`, over the shipped catalog and the real any-llm."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from llmhub.testing import ProviderServer

ADVISER = "adviser-1"
MODEL = f"openai:{ADVISER}"
KEY = "sk-loopback-0123456789"

SPEC = """\
project: shop
generator: {generator}
providers:
  openai: {{env_key: OPENAI_API_KEY, api_base: "{url}/v1"}}
  anthropic: {{env_key: ANTHROPIC_API_KEY, api_base: "{url}"}}
roles:
  llm.books:
    kind: chat
    description: Summarises whole books for editors
    preferences: {{cost: medium, max_price_output: 20}}
    fallbacks: 1
  llm.embedding: {{kind: embedding}}
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path, provider_server: ProviderServer) -> Path:
    """A project with one role to be advised on, and one that nobody describes."""
    folder = tmp_path / "project"
    folder.mkdir()
    write_spec(folder, provider_server)
    return folder


@pytest.fixture
def generate(folder: Path, tmp_path: Path, command_line: Run) -> Run:
    """Runs `llmhub generate --yes ARGUMENTS` there."""

    def generate(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        keys = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}
        fixed = {"LLMHUB_CACHE_DIR": str(tmp_path / "cache"), "LLMHUB_OFFLINE": "1"}
        done = command_line(folder, {**os.environ, **keys, **fixed, **environment}, "generate", "--yes", *arguments)
        assert "Traceback" not in done.stderr
        assert KEY not in done.stdout + done.stderr
        return done

    return generate


def write_spec(folder: Path, server: ProviderServer, generator: str = "llm") -> None:
    text = SPEC.format(url=server.url, generator=generator)
    (folder / "llmhub.spec.yaml").write_text(text, encoding="utf-8")


def written(folder: Path) -> str:
    return (folder / "llmhub.yaml").read_text(encoding="utf-8")


@pytest.fixture
def alone(folder: Path, generate: Run) -> str:
    """What is written when no model is asked."""
    assert generate("--no-llm").returncode == 0
    return written(folder)


@pytest.fixture
def shortlist(alone: str, generate: Run, provider_server: ProviderServer) -> list[str]:
    """What the model is shown."""
    assert generate("--dry-run", "--llm-model", MODEL).returncode == 0
    (request,) = provider_server.requests
    provider_server.reset()
    shown = json.loads(json.loads(request.body)["messages"][1]["content"])
    return [one["id"] for one in shown["shortlist"]]


def advice(*order: str, reason: str = "It reads long books well.") -> str:
    return json.dumps({"order": order, "needs": None, "reason": reason})


def test_a_good_answer_decides_and_a_rerun_without_the_provider_gives_the_same_bytes(
    folder, generate, shortlist, provider_server
):
    last = shortlist[-1]
    provider_server.reply(ADVISER, advice(last))
    done = generate("--llm-model", MODEL)
    assert done.returncode == 0, done.stderr
    first = written(folder)
    assert f"model: {last.partition(':')[2]}" in first
    assert f"llm ({MODEL}) says: “It reads long books well.”" in " ".join(first.split())
    provider_server.always(ADVISER, "500")
    (folder / "llmhub.yaml").unlink()
    again = generate("--llm-model", MODEL, OPENAI_API_KEY="")
    assert again.returncode == 0, again.stderr
    assert written(folder) == first
    assert len(provider_server.requests) == 1


def test_the_model_may_be_named_once_for_all_in_the_env_file(folder, generate, shortlist, provider_server):
    (folder / ".env").write_text(f"LLMHUB_LLM_MODEL={MODEL}\n", encoding="utf-8")
    provider_server.reply(ADVISER, advice(shortlist[-1]))
    assert generate().returncode == 0
    assert f"llm ({MODEL})" in written(folder)


def test_without_a_named_model_the_model_of_the_chat_role_is_asked(folder, generate, alone, provider_server):
    assert generate().returncode == 0
    (request,) = provider_server.requests
    assert f"model: {request.model}" in alone


@pytest.mark.parametrize(
    "answer",
    [
        advice("evil:model", reason="Trust me."),
        json.dumps({"order": [], "needs": {"max_price_output": 900}, "reason": "x"}),
        '{"order": [',
    ],
    ids=["a model of its own", "a lifted limit", "cut off"],
)
def test_a_bad_answer_leaves_what_the_heuristic_writes_and_one_warning(
    folder, generate, alone, provider_server, answer
):
    provider_server.reply(ADVISER, answer)
    done = generate("--llm-model", MODEL)
    assert done.returncode == 0, done.stderr
    assert written(folder) == alone
    (warning,) = [line for line in done.stderr.splitlines() if "llm.books" in line]
    assert warning.startswith("warning: role 'llm.books': no advice from openai:adviser-1 (its answer is refused: ")


@pytest.mark.parametrize("fault", ["401", "503", "reset-0"])
def test_a_provider_that_fails_leaves_what_the_heuristic_writes(folder, generate, alone, provider_server, fault):
    provider_server.always(ADVISER, fault)
    done = generate("--llm-model", MODEL)
    assert done.returncode == 0, done.stderr
    assert written(folder) == alone
    assert "so the heuristic chose alone" in done.stderr


def test_without_keys_nothing_is_sent(folder, generate, alone, provider_server):
    done = generate(OPENAI_API_KEY="", ANTHROPIC_API_KEY="")
    assert done.returncode == 0, done.stderr
    assert written(folder) == alone
    assert "_API_KEY is not set here), so the heuristic chose alone" in done.stderr
    assert provider_server.requests == ()


def test_offline_a_model_elsewhere_is_not_asked(folder, generate, alone):
    done = generate("--llm-model", "openrouter:far/away", OPENROUTER_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert written(folder) == alone
    assert "offline, only a model" in done.stderr


def test_no_llm_asks_nothing_and_is_silent_about_it(generate, alone, provider_server):
    done = generate("--no-llm")
    assert done.returncode == 0
    assert "heuristic" not in done.stderr
    assert provider_server.requests == ()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--no-llm", "--llm-model", MODEL], "contradict each other"),
        (["--llm-model", "gpt-9"], "is no PROVIDER:MODEL, such as"),
        (["--llm-model", "opnai:gpt-9"], "no provider 'opnai'. Did you mean 'openai'?"),
    ],
)
def test_a_mistake_on_the_command_line_is_told_before_anything_is_sent(generate, provider_server, arguments, told):
    done = generate(*arguments)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert provider_server.requests == ()


def test_naming_a_model_that_the_specs_generator_would_never_ask_is_a_mistake(folder, generate, provider_server):
    write_spec(folder, provider_server, generator="heuristic")
    done = generate("--llm-model", MODEL)
    assert done.returncode == 2
    assert "Write `generator: llm` into the spec." in done.stderr
