"""A project's first files: the spec, the names of its keys, and the schemas that editors use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FIRST_NAMED = ("openai", "anthropic", "gemini", "mistral", "groq", "deepseek", "openrouter")
"""Providers that are named before others; the first one shows the shape of a spec where no key is found."""

KEPT_FOR_MORE = frozenset({"GITHUB_TOKEN", "HF_TOKEN", "DATABRICKS_TOKEN", "MODEL_API_KEY", "ANY_LLM_KEY"})
"""Variables that people also set for other ends, so that having one is no wish to pay for models with it."""

FIRST_ROLES: Mapping[str, str] = {"llm.inference": "chat", "llm.preprocess": "chat"}


def spec_text(
    project: str, providers: Sequence[str], roles: Mapping[str, str] = FIRST_ROLES, *, environ: Mapping[str, str]
) -> str:
    """A spec over *providers* with *roles* (name to kind), ready to be edited."""
    from llmhub.config.emit import dump_document
    from llmhub.config.schema import editor_line

    spec = {
        "project": project,
        "env": "dev",
        "providers": {name: provider_entry(name, environ) for name in providers},
        "roles": {name: role_entry(name, kind) for name, kind in roles.items()},
    }
    purpose = "What the project needs of language models. `llmhub generate` turns it into llmhub.yaml."
    return dump_document(
        spec,
        header_comment=f"{editor_line('spec')}\n{purpose}",
        comments={
            (
                "providers",
            ): "Which providers may be chosen. The key's value stays in the environment: name its variable.",
            ("roles",): "What the code asks for by name: hub.completion('llm.inference', ...).\n"
            "kind: chat, embedding, image, audio, tool, other. cost, latency, quality: low, medium, high.",
        },
    )


def provider_entry(name: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """What a spec says of a provider that any-llm knows: that it may be chosen, and its key's variable.

    Of several variables the one that is set in *environ*, else the usual one.
    """
    from llmhub.anyllm.providers import PROVIDERS

    keys = PROVIDERS[name].env_keys
    if not keys:
        return {"enabled": True}
    return {"enabled": True, "env_key": next((key for key in keys if environ.get(key)), keys[0])}


def role_entry(name: str, kind: str) -> dict[str, Any]:
    """What a spec says of a new role: what its name or kind suggests."""
    suggested = _SUGGESTED.get(name, {})
    if suggested.get("kind") != kind:
        suggested = _SUGGESTED_BY_KIND.get(kind, {"kind": kind})
    return dict(suggested)


_SUGGESTED: Mapping[str, Mapping[str, Any]] = {
    "llm.inference": {
        "kind": "chat",
        "description": "Main model for answering questions",
        "preferences": {"cost": "medium", "latency": "medium", "quality": "high"},
    },
    "llm.preprocess": {
        "kind": "chat",
        "description": "Fast, cheap model to prepare input",
        "preferences": {"cost": "low", "latency": "low", "quality": "medium"},
    },
}
_SUGGESTED_BY_KIND: Mapping[str, Mapping[str, Any]] = {
    "chat": {"kind": "chat", "preferences": {"cost": "medium", "latency": "medium", "quality": "medium"}},
    "embedding": {"kind": "embedding", "preferences": {"cost": "low", "quality": "medium"}},
}


def env_names(providers: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The variables of the keys of *providers*, as `provider_entry` names them."""
    return [entry["env_key"] for name in providers if "env_key" in (entry := provider_entry(name, environ))]


def with_a_key(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Every provider whose key is set, the best known first."""
    from llmhub.anyllm.providers import PROVIDERS

    names = dict.fromkeys([*FIRST_NAMED, *PROVIDERS])
    return tuple(name for name in names if any(environ.get(key) for key in PROVIDERS[name].env_keys))


def offered(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The providers a spec starts from: those whose key is set, and is not one that is kept for more."""
    return tuple(name for name in with_a_key(environ) if provider_entry(name, environ)["env_key"] not in KEPT_FOR_MORE)
