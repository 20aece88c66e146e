"""Which parameters a provider, and the model of a target, take, known before anything is sent.

any-llm names the parameters of each of its operations and hands every other keyword to the SDK below, where an unknown
one is a TypeError. So what a client takes is what any-llm names and what the SDK's method names, less what the provider
is known to refuse. SDKs other than OpenAI's and Anthropic's cannot be asked: there only the refusals are known.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple

from llmhub.anyllm.endpoints import Endpoint
from llmhub.anyllm.operations import NEEDED, OPERATIONS
from llmhub.errors import CallError, InvalidRequestError, UnsupportedError, nearest
from llmhub.records.calls import Method, Target

DROPPABLE: frozenset[str] = frozenset(
    {
        "temperature",
        "top_p",
        "top_k",
        "stop",
        "stop_sequences",
        "seed",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "user",
        "parallel_tool_calls",
        "reasoning_effort",
        "stream_options",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "metadata",
        "store",
        "timeout",
        "verbosity",
        "thinking",
        "extra_headers",
        "extra_body",
        "extra_query",
        "quality",
        "style",
        "instructions",
        "speed",
        "prompt",
        "language",
        "max_tokens_per_doc",
    }
)
"""What a fallback may go without: it steers how an answer is found or served. What an answer is made of (tools, its
format, how many, log probabilities) is not among it: an answer without would be another thing than was asked for."""


class Fitted(NamedTuple):
    """Parameters as one target takes them, and what was left out on the way, in words."""

    params: Mapping[str, Any]
    adjusted: tuple[str, ...] = ()


def spare(target: Target, params: Mapping[str, Any]) -> Fitted:
    """*params* without what the target's model is known not to take (`refuses`) and a call can do without.

    Whoever writes a call asks for a role and need not know which model serves it, so this holds for the first target,
    too; and of a file that says both, `refuses` is the fact and a parameter the wish.

    Raises:
        UnsupportedError: it cannot do without it.
    """
    refused = [name for name in target.refuses if name in params]
    needed = [name for name in refused if name not in DROPPABLE]
    if needed:
        raise UnsupportedError(f"the model does not take {', '.join(map(repr, needed))}: `refuses` in the file says so")
    kept = {name: value for name, value in params.items() if name not in refused}
    return Fitted(kept, tuple(f"{name} left out: {target.model} does not take it" for name in refused))


def check(endpoint: Endpoint, client: Any, method: Method, params: Mapping[str, Any]) -> None:
    """Refuse what the target does not take, all of it at once.

    Raises:
        InvalidRequestError: a parameter that any-llm and the SDK know nothing of, or one that is missing.
        UnsupportedError: one that this provider does not take.
    """
    strange = _strange(endpoint, type(client), method, params)
    if strange:
        raise _refusal(endpoint, type(client), method, strange)
    for name in NEEDED.get(method, ()):
        if name not in params:
            raise InvalidRequestError(f"{method}() needs {name!r}: among the role's params, or with the call")


def fit(endpoint: Endpoint, client: Any, method: Method, params: Mapping[str, Any], own: Collection[str]) -> Fitted:
    """*params* without what a fallback does not take and can do without. *own*: what its entry in the file says.

    Raises:
        InvalidRequestError, UnsupportedError: it cannot do without it, or the file itself asks for it.
    """
    strange = _strange(endpoint, type(client), method, params)
    dropped = [name for name in strange if name in DROPPABLE and name not in own]
    kept = {name: value for name, value in params.items() if name not in dropped}
    check(endpoint, client, method, kept)
    return Fitted(kept, tuple(f"{name} left out: {endpoint.provider} does not take it" for name in dropped))


def _strange(endpoint: Endpoint, client_class: type, method: Method, params: Mapping[str, Any]) -> list[str]:
    known, refused = _limits(endpoint.any_llm_provider, endpoint.facts.wire, client_class, method)
    if (known is None or known.issuperset(params)) and refused.isdisjoint(params):
        return []
    return [name for name in params if name in refused or (known is not None and name not in known)]


def _refusal(endpoint: Endpoint, client_class: type, method: Method, strange: list[str]) -> CallError:
    known, refused = _limits(endpoint.any_llm_provider, endpoint.facts.wire, client_class, method)
    unheard_of = [name for name in strange if name not in refused and name not in _anywhere(method)]
    if not unheard_of:
        return UnsupportedError(f"{endpoint.provider} does not take {', '.join(map(repr, strange))} in {method}()")
    close = {name: nearest(name, sorted((known or frozenset()) - refused)) for name in unheard_of}
    listed = ", ".join(f"{name!r} (did you mean {near!r}?)" if near else repr(name) for name, near in close.items())
    return InvalidRequestError(f"{method}() of {endpoint.provider} has no parameter {listed}")


@cache
def _limits(
    provider: str | None, wire: str, client_class: type, method: Method
) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The names a client takes (`None`: nobody can say), and those it is known to refuse."""
    named, open_ended = _named(getattr(client_class, OPERATIONS[method]), method)
    # What is said in the dialect of messages goes through chat completions where a provider has no such thing.
    below = _SDK_METHODS.get((wire, "completion" if method == "messages" else method))
    refused = frozenset(_REFUSED.get((provider or "", method), ())) | _declared_refusals(client_class, method)
    if not open_ended:
        return named, refused
    if below is None:
        return None, refused
    own = _OWN_WORDS.get((provider or "", method), frozenset())
    return (named | own | _names_at(below)) - _NEVER - refused, refused


_OWN_WORDS: Mapping[tuple[str, str], frozenset[str]] = {("requesty", "completion"): frozenset({"reasoning"})}
"""What a provider's class in any-llm takes out of its keywords itself, before the SDK sees them."""


_NEVER = frozenset({"self", "model", "messages", "input", "inputs", "input_data", "file", "stream", "session_label"})
"""Named by a function, but not for a parameter of a call: what is asked has its own place, and so has `stream`."""

_SDK_METHODS: Mapping[tuple[str, str], str] = {
    ("openai", "completion"): "openai.resources.chat.completions:AsyncCompletions.create",
    ("openai", "embedding"): "openai.resources.embeddings:AsyncEmbeddings.create",
    ("openai", "responses"): "openai.resources.responses:AsyncResponses.create",
    ("openai", "image"): "openai.resources.images:AsyncImages.generate",
    ("openai", "speech"): "openai.resources.audio:AsyncSpeech.create",
    ("openai", "transcription"): "openai.resources.audio:AsyncTranscriptions.create",
    ("openai", "moderation"): "openai.resources.moderations:AsyncModerations.create",
    ("anthropic", "completion"): "anthropic.resources.messages:AsyncMessages.create",
}

_REFUSED: Mapping[tuple[str, str], tuple[str, ...]] = {
    # A TypeError of the SDK, measured on any-llm 1.40.2 ...
    **dict.fromkeys(
        [(provider, "completion") for provider in ("anthropic", "azureanthropic", "vertexaianthropic")],
        ("seed", "user", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias"),
    ),
    ("mistral", "completion"): ("seed", "logit_bias", "extra_headers", "user"),
    # ... or dropped there without a word, which is worse.
    ("gemini", "completion"): ("user", "logprobs", "top_logprobs", "logit_bias", "parallel_tool_calls"),
    ("vertexai", "completion"): ("user", "logprobs", "top_logprobs", "logit_bias", "parallel_tool_calls"),
    **dict.fromkeys(
        [(provider, "completion") for provider in ("llamafile", "inception", "minimax", "zai", "sagemaker")],
        ("response_format",),
    ),
}


def _declared_refusals(client_class: Any, method: Method) -> frozenset[str]:
    """What any-llm's own class attributes say a provider does not take."""
    refused = set()
    if getattr(client_class, "TIMEOUT_SUPPORT", "native") == "unsupported" and method != "embedding":
        refused.add("timeout")
    if getattr(client_class, "PROMPT_CACHE_KEY_SUPPORT", "native") == "unsupported":
        refused.add("prompt_cache_key")
    return frozenset(refused)


@cache
def _anywhere(method: Method) -> frozenset[str]:
    """Every name that any-llm or one of the two SDKs knows for *method*: real parameters, if not here."""
    from any_llm import AnyLLM

    names, _ = _named(getattr(AnyLLM, OPERATIONS[method]), method)
    for (_, of_method), place in _SDK_METHODS.items():
        if of_method == method:
            names |= _names_at(place)
    return names - _NEVER


def _named(operation: Any, method: Method) -> tuple[frozenset[str], bool]:
    """The parameters an operation of any-llm names, and whether it hands others on."""
    parameters = inspect.signature(operation).parameters
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    by_keyword = {name for name, parameter in parameters.items() if parameter.kind is parameter.KEYWORD_ONLY}
    if method == "moderation":
        by_keyword.add("include_raw")  # taken out of its keywords by hand
    return frozenset(by_keyword.union(NEEDED.get(method, ()))), open_ended


def _names_at(place: str) -> frozenset[str]:
    module, _, path = place.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    return frozenset(inspect.signature(found).parameters)
