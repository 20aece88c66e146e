"""`llmhub mcp` as a process, asked by the SDK's own client over stdio and over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from llmhub.catalog import Catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.catalog.generations import keep_generation
from llmhub.catalog.statistics import catalog_statistics
from llmhub.catalog.store import write_catalog
from llmhub.records.model import CanonicalModel, Price, Provenance, Score, SourceState

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

from mcp import Client, StdioServerParameters

TOOLS = {
    "search_models", "get_model", "compare_models", "recommend_model", "diff_catalog", "list_roles", "explain_role",
}  # fmt: skip
SPEC = """\
project: shop
providers:
  openai: {}
roles:
  llm.answers:
    kind: chat
    preferences: {quality: high}
"""
CONFIG = """\
project: shop
providers:
  openai: {}
roles:
  llm.answers: {provider: openai, model: gpt-4o, mode: chat, fallbacks: [{provider: openai, model: gpt-4.1}]}
  llm.older: {provider: openai, model: gpt-4o}
"""


def model(key: str, price: tuple[float, float] | None, score: float | None = None, **facts: Any) -> CanonicalModel:
    """A model with a price and a rating, unknown where they are `None`."""
    provider, _, model_id = key.partition(":")
    prices = (
        {
            "price_state": "known",
            "price_input_per_million": price[0],
            "price_output_per_million": price[1],
            "price": Price(input=price[0], output=price[1]),
        }
        if price
        else {}
    )
    scores = (Score(board="text", category="overall", rating=score),) if score else ()
    origins = [Provenance(field="model_id", source="models_dev"), Provenance(field="scores", source="lmarena")]
    return CanonicalModel(
        canonical_id=key, provider=provider, model_id=model_id, arena_score=score, scores=scores,
        provenance=tuple(origins if score else origins[:1]), output_modalities=("text",), **prices, **facts,
    )  # fmt: skip


MODELS = (
    model("openai:gpt-4.1", (2, 8), 1413, tags=("tools",), context_tokens=1_047_576, display_name="GPT-4.1",
          supports_tool_call=True),
    model("openai:gpt-4o", (2.5, 10), 1345, tags=("tools",), context_tokens=128_000, supports_tool_call=True),
    model("openrouter:qwen/qwen3-32b:free", None),
)  # fmt: skip


def made(*models: CanonicalModel, built_at: str = "2026-11-20T09:00:00+00:00") -> Catalog:
    statistics = catalog_statistics(models, 3.0)
    return Catalog(
        models={one.canonical_id: one for one in models},
        statistics=statistics,
        sources=(
            SourceState(name="models_dev", ok=True, as_of="2026-11-20", attribution="models.dev (MIT)"),
            SourceState(name="lmarena", ok=True, as_of="2026-11-01", attribution="LMArena"),
        ),
        built_at=built_at,
        fingerprint=fingerprint(models, statistics),
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "llmhub.spec.yaml").write_text(SPEC)
    (folder / "llmhub.yaml").write_text(CONFIG)
    write_catalog(made(*MODELS), tmp_path / "kept" / "catalog.json")
    return folder


def environ(project: Path) -> dict[str, str]:
    passed = {name: value for name, value in os.environ.items() if not name.startswith(("LLMHUB_", "COVERAGE"))}
    return {**passed, "LLMHUB_CACHE_DIR": str(project.parent / "kept"), "LLMHUB_OFFLINE": "1"}


def over_stdio(project: Path, asking: Callable[[Client], Awaitable[Any]]) -> Any:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "llmhub", "mcp"], env=environ(project), cwd=str(project)
    )

    async def ask() -> Any:
        async with Client(command) as client:
            return await asking(client)

    return asyncio.run(asyncio.wait_for(ask(), 60))


def answered(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content
    return found


def test_the_tools_say_what_they_take_and_give_and_that_they_only_look(project: Path):
    tools = over_stdio(project, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.description
        assert tool.output_schema["type"] == "object"
    compare = next(tool for tool in tools if tool.name == "compare_models")
    assert (compare.input_schema["properties"]["names"]["minItems"], compare.input_schema["required"]) == (2, ["names"])


def test_models_are_searched_looked_at_and_compared(project: Path):
    async def asking(client: Client) -> tuple[Any, ...]:
        return (
            await client.call_tool("search_models", {"tags": ["tools"], "max_price": 5}),
            await client.call_tool("get_model", {"name": "GPT-4.1"}),
            await client.call_tool(
                "compare_models",
                {"names": ["gpt-4.1", "openai:gpt-4o"], "input_tokens": 1000, "output_tokens": 500, "calls": 1000},
            ),
            await client.call_tool("compare_models", {"names": ["gpt-4.1", "openrouter:qwen/qwen3-32b:free"]}),
        )

    searched, looked_at, compared, unpriced = map(answered, over_stdio(project, asking))
    assert [one["canonical_id"] for one in searched["models"]] == ["openai:gpt-4.1", "openai:gpt-4o"]
    assert searched["attribution"][1]["as_of"] == "2026-11-01"
    assert looked_at["model"]["canonical_id"] == "openai:gpt-4.1"
    assert looked_at["model"]["provenance"]
    assert [one["workload_dollars"] for one in compared["models"]] == [6.0, 7.5]
    assert compared["cheapest"] == "openai:gpt-4.1"
    assert "context_tokens" in compared["differing"]
    assert "provider" not in compared["differing"]
    # Of an unknown price nothing is said, not even that it would be the lowest.
    assert (unpriced["models"][1]["workload_dollars"], unpriced["cheapest"]) == (None, None)


def test_a_model_is_recommended_and_roles_are_explained(project: Path):
    async def asking(client: Client) -> tuple[Any, ...]:
        return (
            await client.call_tool("recommend_model", {"quality": "high", "needs": ["tools"], "providers": ["openai"]}),
            await client.call_tool("recommend_model", {"context_min": 90_000_000}),
            await client.call_tool("list_roles", {}),
            await client.call_tool("explain_role", {"role": "llm.answers"}),
            await client.call_tool("explain_role", {"role": "llm.older"}),
        )

    chosen, none_fits, roles, explained, older = map(answered, over_stdio(project, asking))
    assert chosen["model"] == "openai:gpt-4.1"
    assert chosen["candidates"][0]["contributions"]
    assert none_fits["model"] is None
    assert "context" in none_fits["reason"]
    assert [one["role"] for one in roles["roles"]] == ["llm.answers", "llm.older"]
    assert roles["roles"][0]["fallbacks"] == ["openai:gpt-4.1"]
    assert explained["configured"]["model"] == "openai:gpt-4o"
    assert (explained["would_choose"], explained["unchanged"]) == ("openai:gpt-4.1", False)
    assert explained["decision"]["candidates"][0]["model"] == "openai:gpt-4.1"
    assert older["decision"] is None
    assert "no spec" in older["note"]


def test_what_changed_in_the_catalog_is_told(project: Path):
    kept = project.parent / "kept"
    keep_generation(kept / "catalog.json", kept / "generations")
    newer = made(*MODELS[1:], model("openai:gpt-9", (1, 2)), built_at="2026-11-22T00:00:00+00:00")
    write_catalog(newer, kept / "catalog.json")
    found = answered(over_stdio(project, lambda client: client.call_tool("diff_catalog", {})))
    assert (found["added"], found["removed"]) == (["openai:gpt-9"], ["openai:gpt-4.1"])


MISTAKES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("get_model", {"name": "openai:gpt-41"}, "openai:gpt-4.1"),
    ("search_models", {"sort": "arena_scor"}, "arena_score"),
    ("compare_models", {"names": ["gpt-4.1"]}, "at least 2"),
    ("recommend_model", {"providers": ["opnai"]}, "openai"),
    ("explain_role", {"role": "llm.answer"}, "Did you mean 'llm.answers'?"),
    ("diff_catalog", {}, "there is no earlier catalog yet"),
)


def test_a_mistake_is_an_error_that_names_the_nearest(project: Path):
    async def asking(client: Client) -> list[Any]:
        return [await client.call_tool(tool, arguments) for tool, arguments, _ in MISTAKES]

    for (tool, _, told), result in zip(MISTAKES, over_stdio(project, asking), strict=True):
        assert result.is_error, tool
        assert told in result.content[0].text, tool


def test_nothing_but_the_protocol_is_printed(project: Path):
    (project.parent / "kept" / "catalog.json").write_text("{damaged")  # which is warned of, elsewhere
    hello = (
        '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", '
        '"capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}\n'
        '{"jsonrpc": "2.0", "method": "notifications/initialized"}\n'
        '{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "search_models", "arguments": {}}}\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub", "mcp"],
        cwd=project, env=environ(project), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(hello)
    process.stdin.flush()
    lines = [process.stdout.readline() for _ in range(2)]
    rest, errors = process.communicate(timeout=60)
    assert all(line.startswith('{"jsonrpc"') for line in lines)
    assert rest == ""
    assert '"isError":true' not in lines[1]
    assert "set-aside" in errors
    assert process.returncode == 0


def test_the_same_tools_answer_over_http(project: Path):
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub", "mcp", "--http", "--port", "0"],
        cwd=project, env=environ(project), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/mcp", process.stderr.readline())
        assert found

        async def ask() -> Any:
            async with Client(found[0]) as client:
                return await client.call_tool("get_model", {"name": "gpt-4.1"})

        assert answered(asyncio.run(asyncio.wait_for(ask(), 60)))["model"]["canonical_id"] == "openai:gpt-4.1"

        import httpx

        # A page of another site that got its name to mean this machine is no program of this machine.
        foreign = httpx.post(found[0], json={}, headers={"Host": "evil.example", "Accept": "application/json"})
        assert foreign.status_code in (400, 403, 421)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_without_the_package_the_command_says_what_to_install(project: Path):
    hiding = (
        "import importlib.util, sys\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'mcp' else found(name, *more)\n"
        "from llmhub.cli import main\n"
        "sys.argv = ['llmhub', 'mcp']\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", hiding], cwd=project, env=environ(project), capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert "pip install 'llmhub-server[mcp]'" in ended.stderr
    assert "Traceback" not in ended.stderr
