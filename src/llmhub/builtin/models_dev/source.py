"""Loads models.dev's api.json, with the benchmarks of models.json, and keeps what any-llm can call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llmhub.builtin.models_dev.benchmarks import read_benchmarks
from llmhub.builtin.models_dev.document import models_by_provider, read_document
from llmhub.builtin.models_dev.providers import ANY_LLM_PROVIDERS, any_llm_providers
from llmhub.errors import SourceError
from llmhub.records.context import Fetched, SourceContext
from llmhub.records.model import ModelRecord, Score, SourceLoad

DEFAULT_URL = "https://models.dev/api.json"
URL_VARIABLE = "LLMHUB_MODELS_DEV_URL"
LARGEST_LOSS = 0.3
"""A new document with more models missing than this share is taken for a broken one."""

MAJOR_PROVIDERS = (
    "alibaba-cn",
    "amazon-bedrock",
    "anthropic",
    "azure",
    "cohere",
    "deepseek",
    "fireworks-ai",
    "google",
    "google-vertex",
    "groq",
    "mistral",
    "openai",
    "openrouter",
    "togetherai",
    "xai",
)
"""Providers of models.dev that do not vanish overnight: a document that has lost one is taken for a broken one."""


def load(context: SourceContext) -> SourceLoad:
    """The models of models.dev under the names of the any-llm providers that serve them.

    Raises:
        llmhub.errors.SourceError: it cannot be reached or makes no sense, and no earlier copy is there.
    """
    models_url, benchmarks_url = addresses(context.environ.get(URL_VARIABLE) or DEFAULT_URL)
    fetched = context.fetch_json(models_url, accept=check)
    document = read_document(fetched.document)
    scores, unread, stale = _benchmarks(context, benchmarks_url)
    wanted = set(context.providers)
    return SourceLoad(
        records=tuple(
            ModelRecord(
                source="models_dev",
                provider=provider,
                model_id=model.model_id,
                facts=model.facts,
                scores=scores.get((model.provider, model.model_id), ()),
            )
            for model in document.models
            for provider in any_llm_providers(model.provider, model.model_id)
            if not wanted or provider in wanted
        ),
        as_of=_as_of(fetched),
        fetched_at=fetched.fetched_at,
        quarantined=(*document.quarantined, *unread),
        # Of two files from one place that is gone, one is told.
        warnings=tuple(reason for reason in (fetched.stale_reason or stale,) if reason),
    )


def _as_of(fetched: Fetched) -> str | None:
    """The date of the facts: the server's own, else when it said so. A file may have been copied at any time."""
    asked = fetched.url.startswith(("http://", "https://"))
    return fetched.last_modified or (fetched.fetched_at if asked else None)


def addresses(url: str) -> tuple[str, str]:
    """Where the models are, and where the benchmarks would be: two files in one folder."""
    place, mark, query = url.partition("?") if "://" in url else (url.replace("\\", "/"), "", "")
    if not place.lower().endswith(".json"):
        folder = place.rstrip("/")
        return f"{folder}/api.json{mark}{query}", f"{folder}/models.json{mark}{query}"
    folder = place[: place.rfind("/") + 1]
    return url, f"{folder}models.json{mark}{query}"


def _benchmarks(
    context: SourceContext, url: str
) -> tuple[Mapping[tuple[str, str], tuple[Score, ...]], tuple[str, ...], str]:
    """The published results, what was left out of them, and why they are not fresh.

    None where the file is not to be had, for mirrors seldom carry it.
    """
    try:
        fetched = context.fetch_json(url, accept=_check_benchmarks)
    except SourceError:
        return {}, (), ""
    stale = f"benchmarks: {fetched.stale_reason}" if fetched.stale_reason else ""
    return *read_benchmarks(fetched.document), stale


def _check_benchmarks(document: Any, previous: Any) -> None:
    found, _ = read_benchmarks(document)
    if not found:
        raise ValueError("lists no benchmark results")
    if previous is not None and len(found) < (1 - LARGEST_LOSS) * len(read_benchmarks(previous)[0]):
        raise ValueError(f"lists results of {len(found)} models, far fewer than the copy before")


def check(document: Any, previous: Any) -> None:
    """Refuse a document that is not models.dev's, or has lost much of what the *previous* one had.

    Raises:
        ValueError: with the reason.
    """
    counts = models_by_provider(document)
    models = sum(counts.values())
    if not models:
        raise ValueError("lists no models")
    if not counts.keys() & ANY_LLM_PROVIDERS.keys():
        raise ValueError("lists no provider that any-llm can call: it is not models.dev's file")
    broken = models - sum(isinstance(model, Mapping) for model in _models(document))
    if broken > LARGEST_LOSS * models:
        raise ValueError(f"{broken} of its {models} models have no facts")
    if previous is None:
        return
    before = models_by_provider(previous)
    if models < (1 - LARGEST_LOSS) * sum(before.values()):
        raise ValueError(f"lists {models} models where the copy before listed {sum(before.values())}")
    unread = [name for name, count in before.items() if count and name in document and name not in counts]
    if unread:
        raise ValueError(f"has no models by id any longer for {', '.join(unread)}")
    gone = [name for name in MAJOR_PROVIDERS if before.get(name) and not counts.get(name)]
    if gone:
        raise ValueError(f"no longer lists {', '.join(gone)}")


def _models(document: Any) -> Iterator[Any]:
    for entry in document.values():
        if isinstance(entry, Mapping) and isinstance(entry.get("models"), Mapping):
            yield from entry["models"].values()
