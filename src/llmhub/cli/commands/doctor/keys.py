"""Keys: there, and of a shape that can be right. Their values are looked at here and never told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.records.contributions import Finding

PREFIXES: Mapping[str, str] = {
    # How keys begin, by those who give them out. Only such as belong to one provider alone.
    "sk-ant-": "anthropic",
    "sk-or-": "openrouter",
    "gsk_": "groq",
    "hf_": "huggingface",
    "xai-": "xai",
    "pplx-": "perplexity",
    "csk-": "cerebras",
    "AIza": "gemini",
    "github_pat_": "github",
}

_PLACEHOLDER = re.compile(r"^<.*>$|your[-_ ]?(api[-_ ]?)?key|change[-_ ]?me|\bxxx+|^\.+$|^sk-\.*$|^(none|null)$", re.I)


def check(examined: Examined) -> Iterator[Finding]:
    """Every provider in use whose key is missing, or cannot be a key of that provider."""
    for provider, variables in _needed(examined).items():
        name = next((variable for variable in variables if examined.environ.get(variable)), None)
        if name is None:
            if variables:
                yield _missing(provider, variables)
            continue
        place = "the environment" if examined.outside.get(name) else ".env"
        fault = misshape(examined.environ[name], provider)
        if fault is None:
            yield Finding(check="keys", severity="ok", message=f"{provider}: {name} is set, in {place}")
        else:
            yield Finding(
                check="keys",
                severity="error",
                message=f"{provider}: {name}, from {place}, {fault}",
                remedy=f"Set {name} anew, as {provider} gave it to you.",
            )


def misshape(value: str, provider: str) -> str | None:
    """What is wrong with the shape of a key, in words that hold nothing of it; `None` when nothing is."""
    if value != value.strip():
        return "begins or ends with a space or a line break"
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return "has quotation marks around it that became part of it"
    if _PLACEHOLDER.search(value):
        return "is a placeholder, not a key"
    if re.search(r"\s", value):
        return "has a space or a line break in it"
    if not value.isascii() or not value.isprintable():
        return "has characters that no key has"
    owner = next((owner for prefix, owner in PREFIXES.items() if value.startswith(prefix)), None)
    if owner not in (None, provider) and not (owner == "gemini" and provider.startswith("vertexai")):
        return f"looks like a key of {owner}"
    return None


def _needed(examined: Examined) -> Mapping[str, tuple[str, ...]]:
    """The keys of the providers that calls will use; those that the spec allows, while nothing is generated."""
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import config_variables, spec_variables

    if examined.config is not None:
        return config_variables(examined.config, DEFAULT_ENV_KEYS)
    return spec_variables(examined.spec, DEFAULT_ENV_KEYS) if examined.spec is not None else {}


def _missing(provider: str, variables: tuple[str, ...]) -> Finding:
    names = " or ".join(variables)
    return Finding(
        check="keys",
        severity="error",
        message=f"{provider}: {names} is not set",
        remedy=f"Export {variables[0]}, or write it into .env beside the file.",
    )
