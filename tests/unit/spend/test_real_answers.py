"""What a call costs by the answer as it stands on the wire: provider's JSON, through any-llm, to the last digit.

Between the provider's usage and ours stand an SDK and any-llm, which rename, add up and drop. What they drop must come
out as an estimate or unpriced, never as a wrong figure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from llmhub import Hub
from llmhub.anyllm.providers import PROVIDERS
from llmhub.catalog.stored_models import same_model
from llmhub.records.calls import CallResult
from llmhub.spend.pricing import Pricing

HELLO = [{"role": "user", "content": "Hello there"}]
Usage = dict[str, Any]
Ask = Callable[..., CallResult]


def openai_chat(model: str, usage: Usage) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": model, "choices": [choice], "usage": usage}


def openai_responses(model: str, usage: Usage) -> dict[str, Any]:
    text = {"type": "output_text", "text": "Hi", "annotations": []}
    message = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [text]}
    more = {"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "status": "completed"}
    return {
        "id": "r",
        "object": "response",
        "created_at": 1,
        "model": model,
        "output": [message],
        "usage": usage,
        **more,
    }


def openai_embeddings(model: str, usage: Usage) -> dict[str, Any]:
    vector = {"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}
    return {"object": "list", "model": model, "data": [vector], "usage": usage}


def claude_message(model: str, usage: Usage) -> dict[str, Any]:
    text = {"type": "text", "text": "Hi"}
    head = {"id": "m", "type": "message", "role": "assistant", "model": model, "stop_reason": "end_turn"}
    return {**head, "stop_sequence": None, "content": [text], "usage": usage}


def chunks(model: str, usage: Usage) -> list[dict[str, Any]]:
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": model}
    first = {"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None}
    last = {"index": 0, "delta": {}, "finish_reason": "stop"}
    return [{**head, "choices": [first]}, {**head, "choices": [last]}, {**head, "choices": [], "usage": usage}]


FORMS = {
    "/chat/completions": openai_chat,
    "/responses": openai_responses,
    "/embeddings": openai_embeddings,
    "/messages": claude_message,
}


class Provider(BaseHTTPRequestHandler):
    """Answers in the form of the path asked for, with the usage that was set."""

    usage: ClassVar[Usage] = {}

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        form = next(form for path, form in FORMS.items() if self.path.endswith(path))
        if asked.get("stream"):
            events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks(asked["model"], self.usage)]
            body, kind = "".join([*events, "data: [DONE]\n\n"]), "text/event-stream"
        else:
            body, kind = json.dumps(form(asked["model"], self.usage)), "application/json"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def hub(address: str) -> Iterator[Hub]:
    """One Hub for all, with a role for each model: making clients is what takes time."""
    models = dict.fromkeys([*(row[0] for row in EXACT), *OTHERS])
    providers = {name.partition(":")[0] for name in models}
    roles = {
        name.replace(":", "/"): {
            "provider": name.partition(":")[0],
            "model": name.partition(":")[2],
            "mode": "embedding" if "embedding" in name else "chat",
            "params": {"max_tokens": 50} if name.startswith("anthropic") else {},
            "retry": {"attempts": 1},
        }
        for name in models
    }
    bases = {name: {"api_base": address if name == "anthropic" else f"{address}/v1"} for name in providers}
    with pytest.MonkeyPatch.context() as patch:
        for name in providers:
            patch.setenv(PROVIDERS[name].env_keys[0], "sk-loopback-0123456789")
        with Hub(config={"project": "p", "providers": bases, "roles": roles}, on_after_call=SEEN.append) as hub:
            yield hub


SEEN: list[CallResult] = []


@pytest.fixture
def ask(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Calls a model, which answers with a usage, and tells what came of it."""

    def ask(name: str, usage: Usage, method: str = "completion", **params: Any) -> CallResult:
        monkeypatch.setenv(PROVIDERS[name.partition(":")[0]].env_keys[0], "sk-loopback-0123456789")
        monkeypatch.setattr(Provider, "usage", usage)
        asked: Any = HELLO if method in ("completion", "messages") else "Hello there"
        answer = getattr(hub, method)(name.replace(":", "/"), asked, **params)
        if params.get("stream"):
            list(answer)
        return SEEN[-1]

    return ask


def chat(given: int, made: int, *, cached: int | None = 0, audio: int = 0, thought: int = 0, **more: Any) -> Usage:
    """A chat's usage as OpenAI sends it."""
    usage = {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}
    if cached is not None:
        usage["prompt_tokens_details"] = {"cached_tokens": cached, "audio_tokens": audio}
    usage["completion_tokens_details"] = {"reasoning_tokens": thought, "audio_tokens": 0}
    return {**usage, **more}


def claude(fresh: int, out: int, *, hit: int = 0, short: int = 0, hour: int = 0) -> Usage:
    """A usage as Anthropic sends it: the cache beside the input."""
    return {
        "input_tokens": fresh,
        "output_tokens": out,
        "cache_read_input_tokens": hit,
        "cache_creation_input_tokens": short + hour,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour},
        "service_tier": "standard",
    }


def responses(given: int, out: int, *, cached: int = 0, thought: int = 0) -> Usage:
    return {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens": out,
        "output_tokens_details": {"reasoning_tokens": thought},
        "total_tokens": given + out,
    }


def embedding(given: int) -> Usage:
    return {"prompt_tokens": given, "total_tokens": given}


def deepseek(hit: int, miss: int, out: int, thought: int = 0) -> Usage:
    """DeepSeek counts hits and misses of its own cache."""
    return {
        **chat(hit + miss, out, cached=hit, thought=thought),
        "prompt_cache_hit_tokens": hit,
        "prompt_cache_miss_tokens": miss,
    }


STREAM = {"stream": True, "stream_options": {"include_usage": True}}
SONNET, OPUS = "anthropic:claude-sonnet-4-5", "anthropic:claude-opus-4-5"

EXACT: list[tuple[str, str, Usage, dict[str, Any], list[tuple[int, str]]]] = [
    ("openai:gpt-4o-mini", "completion", chat(9, 12), {}, [(9, "0.15"), (12, "0.60")]),
    ("openai:gpt-4o", "completion", chat(2006, 300, cached=1920), {}, [(86, "2.5"), (1920, "1.25"), (300, "10")]),
    ("openai:gpt-5", "completion", chat(75, 1186, thought=1024), {}, [(75, "1.25"), (1186, "10")]),
    ("openai:o3", "completion", chat(1200, 5400, thought=5120), {}, [(1200, "2"), (5400, "8")]),
    ("openai:gpt-4.1", "completion", chat(1000, 10, cached=400), STREAM, [(600, "2"), (400, "0.5"), (10, "8")]),
    ("openai:gpt-4.1", "responses", responses(328, 52), {}, [(328, "2"), (52, "8")]),
    (
        "openai:gpt-5",
        "responses",
        responses(2048, 1600, cached=1920, thought=1408),
        {},
        [(128, "1.25"), (1920, "0.125"), (1600, "10")],
    ),
    ("openai:text-embedding-3-small", "embedding", embedding(8), {}, [(8, "0.02")]),
    ("openai:text-embedding-3-large", "embedding", embedding(1234), {}, [(1234, "0.13")]),
    (SONNET, "completion", claude(21, 393), {}, [(21, "3"), (393, "15")]),
    (SONNET, "completion", claude(21, 393, hit=188_086), {}, [(21, "3"), (188_086, "0.3"), (393, "15")]),
    (SONNET, "completion", claude(21, 393, short=18_086), {}, [(21, "3"), (18_086, "3.75"), (393, "15")]),
    (SONNET, "completion", claude(50, 503, hour=1800), {}, [(50, "3"), (1800, "6"), (503, "15")]),
    (
        SONNET,
        "completion",
        claude(1000, 2000, hit=200_000, short=50_000),
        {},
        [(1000, "6"), (200_000, "0.6"), (50_000, "7.5"), (2000, "22.5")],
    ),
    (OPUS, "completion", claude(100, 200, hit=5000), {}, [(100, "5"), (5000, "0.5"), (200, "25")]),
    (OPUS, "messages", claude(100, 200, hit=5000), {"max_tokens": 300}, [(100, "5"), (5000, "0.5"), (200, "25")]),
    (
        "moonshot:kimi-k2-0905-preview",
        "completion",
        chat(2000, 100, cached=1000),
        {},
        [(1000, "0.6"), (1000, "0.15"), (100, "2.5")],
    ),
]


OTHERS = (
    "deepseek:deepseek-reasoner",
    "openrouter:anthropic/claude-sonnet-4.5",
    "openai:gpt-4o-unheard-of",
    "anthropic:claude-sonnet-4-5-fast",
)


@pytest.mark.parametrize(
    ("model", "method", "usage", "params", "parts"),
    EXACT,
    ids=[f"{n}-{row[0]}-{row[1]}" for n, row in enumerate(EXACT)],
)
def test_an_answer_costs_what_its_provider_publishes_to_the_last_digit(ask, model, method, usage, params, parts):
    cost = ask(model, usage, method, **params).priced
    assert cost.dollars == sum(Decimal(tokens) * Decimal(rate) for tokens, rate in parts) / 1_000_000, cost
    assert cost.complete, cost.note


def test_deepseek_s_hits_and_misses_are_priced_at_the_rates_of_the_hour(ask):
    model = "deepseek-reasoner"
    cost = ask(f"deepseek:{model}", deepseek(1536, 64, 400, 300)).priced
    rates = Pricing(same_model=same_model).rates("deepseek", model, datetime.now(UTC))[0].base
    assert None not in (rates.input, rates.cache_read, rates.output)
    expected = (64 * rates.input + 1536 * rates.cache_read + 400 * rates.output) / 1_000_000
    assert (cost.dollars, cost.complete) == (expected, True)


@pytest.mark.parametrize("params", [{}, STREAM], ids=["plain", "streamed"])
def test_what_openrouter_says_it_charged_reaches_us_and_counts(ask, params):
    usage = chat(194, 2, cost=0.00061, is_byok=False, cost_details={"upstream_inference_cost": None})
    cost = ask("openrouter:anthropic/claude-sonnet-4.5", usage, **params).priced
    assert (cost.dollars, cost.source, cost.complete) == (Decimal("0.00061"), "provider", True)


def test_an_endpoint_that_says_nothing_of_its_cache_gives_an_estimate_and_a_bound(ask):
    cost = ask("openai:gpt-4o", chat(1000, 500, cached=None)).priced
    assert (cost.dollars, cost.complete, cost.at_most) == (Decimal("0.0075"), False, Decimal("0.0075"))
    assert "read from a cache" in cost.note


@pytest.mark.parametrize(
    ("model", "usage"),
    [
        ("openai:gpt-4o-unheard-of", chat(10, 10)),
        ("anthropic:claude-sonnet-4-5-fast", claude(10, 10)),
        ("openai:gpt-4o", {}),
    ],
)
def test_an_answer_whose_price_nobody_knows_is_unpriced(ask, model, usage):
    result = ask(model, usage)
    assert result.success
    assert (result.priced.dollars, result.priced.complete) == (None, False)
