"""The metrics of calls: tokens, time and money, with the conventions' names and buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmhub.builtin.otel.attributes import PROVIDERS, operation
from llmhub.records.calls import CallResult

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter

_TOKENS = [float(4**power) for power in range(14)]
_SECONDS = [0.01 * 2**power for power in range(14)]
_FIRST_CHUNK = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0]


class Measurements:
    """The instruments of one meter."""

    def __init__(self, meter: Meter) -> None:
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage", "{token}", "Tokens used", explicit_bucket_boundaries_advisory=_TOKENS
        )
        self._duration = meter.create_histogram(
            "gen_ai.client.operation.duration", "s", "Time a call took", explicit_bucket_boundaries_advisory=_SECONDS
        )
        self._first_chunk = meter.create_histogram(
            "gen_ai.client.operation.time_to_first_chunk",
            "s",
            "Time to a stream's first chunk",
            explicit_bucket_boundaries_advisory=_FIRST_CHUNK,
        )
        self._cost = meter.create_counter("llmhub.client.cost", "{USD}", "US dollars of priced calls")

    def record(self, result: CallResult) -> None:
        """Count one call, by role and not by label: a label may have any number of values."""
        about = {
            "gen_ai.operation.name": operation(result),
            "gen_ai.provider.name": PROVIDERS.get(result.provider, result.provider),
            "gen_ai.request.model": result.model,
            "llmhub.environment": result.environment,
            # Roles that only `defaults` serve are the caller's words, but they are roles all the same.
            "llmhub.role": result.role,
        }
        ended = about if result.error is None else {**about, "error.type": type(result.error).__name__}
        self._duration.record(result.latency, ended)
        if result.time_to_first_chunk is not None:
            self._first_chunk.record(result.time_to_first_chunk, about)
        if result.usage is not None:
            for kind, count in (("input", result.usage.input_tokens), ("output", result.usage.output_tokens)):
                if count is not None:
                    self._tokens.record(count, {**about, "gen_ai.token.type": kind})
        if result.cost is not None:
            self._cost.add(float(result.cost), about)
