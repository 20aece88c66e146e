"""One name for a parameter, whatever the provider calls it.

Files say `embedding_dim` and `max_tokens`. any-llm passes unknown keywords on to each SDK as they are, and every SDK
has its own name for the size of an embedding (measured; any other name is a TypeError there).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_SIZE_NAMES = ("embedding_dim", "dimensions", "output_dimension")


def translate(provider: str | None, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """*params* under the names that any-llm's *provider* understands for *method*; `None` values are left out.

    `provider` `None` is a plain OpenAI-compatible endpoint.

    >>> translate("openai", "embedding", {"embedding_dim": 256})
    {'dimensions': 256}
    >>> translate("mistral", "embedding", {"embedding_dim": 256})
    {'output_dimension': 256}
    >>> translate("openai", "responses", {"max_tokens": 100})
    {'max_output_tokens': 100}
    """
    translated = {name: value for name, value in params.items() if value is not None}
    if method == "embedding":
        return _with_size(provider, translated)
    for name, known_as in _RENAMED.get(method, ()):
        if name in translated:
            value = translated.pop(name)
            translated.setdefault(known_as, value)
    if method == "messages" and isinstance(translated.get("stop_sequences"), str):
        translated["stop_sequences"] = [translated["stop_sequences"]]
    return translated


_RENAMED: Mapping[str, tuple[tuple[str, str], ...]] = {
    # any-llm sends `max_tokens` in whatever form the provider wants; the newer name is dropped in silence by some.
    "completion": (("max_completion_tokens", "max_tokens"),),
    # A role's params are written once, and serve each of the dialects it is asked in.
    "responses": (("max_completion_tokens", "max_output_tokens"), ("max_tokens", "max_output_tokens")),
    "messages": (("max_completion_tokens", "max_tokens"), ("stop", "stop_sequences")),
}


def _with_size(provider: str | None, params: dict[str, Any]) -> dict[str, Any]:
    asked = [params.pop(name) for name in _SIZE_NAMES if name in params]
    if asked:
        # Only the spelling that came last in a merge can differ, and the house's own name wins.
        name, form = _SIZE_BY_PROVIDER.get(provider or "", _PLAIN)
        params[name] = {**params.get(name, {}), **form(asked[0])} if name == "config" else form(asked[0])
    return params


def _same(size: Any) -> Any:
    return size


def _google(size: Any) -> dict[str, Any]:
    return {"output_dimensionality": size}


_PLAIN: tuple[str, Callable[[Any], Any]] = ("dimensions", _same)

_SIZE_BY_PROVIDER: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "mistral": ("output_dimension", _same),
    "cohere": ("output_dimension", _same),
    "voyage": ("output_dimension", _same),
    "gemini": ("config", _google),
    "vertexai": ("config", _google),
}
