"""What a span says of a call, by OpenTelemetry's conventions for generative AI and, under `llmhub.`, beyond them.

Nothing here carries content, and nothing is set that is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub.records.calls import Attempt, CallContext, CallResult, Usage

OPERATIONS = {
    "completion": "chat",
    "responses": "chat",
    "messages": "chat",
    "embedding": "embeddings",
    "image": "generate_content",
    "speech": "generate_content",
}
"""Our methods by the conventions' names of operations; the others keep their own."""

PROVIDERS = {
    "azure": "azure.ai.inference",
    "azureopenai": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "gemini": "gcp.gemini",
    "mistral": "mistral_ai",
    "vertexai": "gcp.vertex_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
"""any-llm's names of providers that the conventions call otherwise."""

_PARAMETERS = {
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "top_k": "gen_ai.request.top_k",
    "max_tokens": "gen_ai.request.max_tokens",
    "max_completion_tokens": "gen_ai.request.max_tokens",
    "max_output_tokens": "gen_ai.request.max_tokens",
    "frequency_penalty": "gen_ai.request.frequency_penalty",
    "presence_penalty": "gen_ai.request.presence_penalty",
    "seed": "gen_ai.request.seed",
    "embedding_dim": "gen_ai.embeddings.dimension.count",
}

Attributes = dict[str, Any]


def operation(call: CallContext | CallResult) -> str:
    """The conventions' name for what *call* does."""
    return OPERATIONS.get(call.method, call.method)


def asked(call: CallContext) -> Attributes:
    """What is known as a call begins, with the target it tries first."""
    return {
        "gen_ai.operation.name": operation(call),
        "gen_ai.provider.name": PROVIDERS.get(call.provider, call.provider),
        "gen_ai.request.model": call.model,
        "llmhub.call_id": call.call_id,
        "llmhub.role": call.role,
        "llmhub.project": call.project,
        "llmhub.environment": call.environment,
        **({"gen_ai.request.stream": True} if call.stream else {}),
        **({"llmhub.variant": call.variant} if call.variant is not None else {}),
        **{f"llmhub.label.{name}": value for name, value in call.labels.items()},
    }


def parameters(params: Mapping[str, Any]) -> Attributes:
    """The parameters the conventions have a name for; whatever else a call was given may be content, or a secret."""
    found = {
        attribute: params[name]
        for name, attribute in _PARAMETERS.items()
        if isinstance(params.get(name), int | float) and not isinstance(params[name], bool)
    }
    stop = params.get("stop")
    if isinstance(stop, str):
        found["gen_ai.request.stop_sequences"] = [stop]
    elif isinstance(stop, list | tuple) and all(isinstance(each, str) for each in stop):
        found["gen_ai.request.stop_sequences"] = list(stop)
    return found


def outcome(result: CallResult) -> Attributes:
    """What came of a call: who answered, what was used and what it cost."""
    found: Attributes = {
        "gen_ai.provider.name": PROVIDERS.get(result.provider, result.provider),
        "gen_ai.request.model": result.model,
        "llmhub.provider": result.provider,
        "llmhub.attempts": len(result.attempts),
        "llmhub.cached": result.cached,
        **used(result.usage),
        **answered(result.response),
        **cost(result),
    }
    if result.variant is not None:
        found["llmhub.variant"] = result.variant
    if result.time_to_first_chunk is not None:
        found["gen_ai.response.time_to_first_chunk"] = result.time_to_first_chunk
    if result.error is not None:
        found["error.type"] = type(result.error).__name__
    return found


def used(usage: Usage | None) -> Attributes:
    """The tokens that the provider counted; what it did not say is left out."""
    if usage is None:
        return {}
    counts = {
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cached_input_tokens,
        "gen_ai.usage.cache_creation.input_tokens": usage.cache_write_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
    }
    return {name: count for name, count in counts.items() if count is not None}


def answered(response: Any) -> Attributes:
    """What the provider's answer says of itself. A stream's chunks went to the caller: nothing is known of them."""
    found: Attributes = {}
    for name in ("id", "model"):
        value = getattr(response, name, None)
        if isinstance(value, str) and value:
            found[f"gen_ai.response.{name}"] = value
    choices = getattr(response, "choices", None)
    reasons = [getattr(choice, "finish_reason", None) for choice in choices or ()]
    reasons = [reason for reason in (*reasons, getattr(response, "stop_reason", None)) if isinstance(reason, str)]
    if reasons:
        found["gen_ai.response.finish_reasons"] = reasons
    return found


def cost(result: CallResult) -> Attributes:
    """US dollars as a double, since a span knows no decimals; the ledger has the exact figure. Unpriced: nothing.

    The conventions have no name for it; `gen_ai.usage.cost` is the one that Langfuse reads.
    """
    priced = result.priced
    if priced.dollars is None:
        return {}
    found: Attributes = {"gen_ai.usage.cost": float(priced.dollars), "llmhub.cost.complete": priced.complete}
    if priced.source is not None:
        found["llmhub.cost.source"] = str(priced.source)
    return found


def attempted(attempt: Attempt) -> Attributes:
    """What one attempt says. Nothing under `gen_ai.`: a backend would count the call's tokens and cost once more."""
    found: Attributes = {
        "llmhub.attempt.number": attempt.number,
        "llmhub.attempt.status": attempt.status,
        "llmhub.provider": attempt.provider,
        "llmhub.model": attempt.model,
    }
    if attempt.error_class is not None:
        found["error.type"] = attempt.error_class
    if attempt.status_code is not None:
        found["http.response.status_code"] = attempt.status_code
    if attempt.adjusted:
        found["llmhub.attempt.adjusted"] = list(attempt.adjusted)
    return found
