"""The spans of calls: one per call, a child per attempt, from the first hook to the last."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from attrs import define

from llmhub.builtin.otel import attributes, content
from llmhub.builtin.otel.activation import captures_content
from llmhub.builtin.otel.measurements import Measurements
from llmhub.builtin.otel.providers import Providers, providers_of
from llmhub.records.calls import Attempt, CallContext, CallResult

if TYPE_CHECKING:
    from opentelemetry.trace import Span


@define(eq=False)
class _Open:
    """What is under way of one call. `token` leads back to the context from before the attempt."""

    span: Span
    attempt: Span | None = None
    token: Any = None
    last: Attempt | None = None


class Telemetry:
    """Follows the calls of one hub. Safe from any thread and task: what is under way is kept per call."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._content = captures_content(environ)
        self._calls: WeakKeyDictionary[CallContext, _Open] = WeakKeyDictionary()
        self._lock = Lock()
        # Now, and not at the first span: importing an exporter must not eat into a call's deadline.
        self._equipment: tuple[Providers, Measurements] | None = None
        self._equipped()

    def before_call(self, call: CallContext) -> None:
        """Begin the call's span, as a child of the one that is current where the call is made."""
        from opentelemetry.trace import SpanKind

        providers, _ = self._equipped()
        name = f"{attributes.operation(call)} {call.model}"
        span = providers.tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes.asked(call))
        self._calls[call] = _Open(span)

    def before_attempt(self, call: CallContext) -> None:
        """Begin the attempt's span and make it current, so that spans of the HTTP client become its children."""
        from opentelemetry import context, trace

        under_way = self._calls.get(call)
        if under_way is None:
            return
        _tell_step(under_way, call)
        providers, _ = self._equipped()
        inside = trace.set_span_in_context(under_way.span)
        under_way.attempt = providers.tracer.start_span(f"attempt {call.provider}:{call.model}", context=inside)
        under_way.token = context.attach(trace.set_span_in_context(under_way.attempt))

    def on_attempt(self, call: CallContext, attempt: Attempt) -> None:
        """End the attempt's span; for a stream, at its first chunk."""
        from opentelemetry.trace import StatusCode

        under_way = self._calls.get(call)
        if under_way is None or under_way.attempt is None:
            return
        under_way.last = attempt
        span = under_way.attempt
        span.set_attributes(attributes.attempted(attempt))
        if attempt.error_class is not None:
            span.set_status(StatusCode.ERROR, attempt.message if self._content else None)
        _leave(under_way)

    def after_call(self, call: CallContext, result: CallResult) -> None:
        """End the call's span, and measure."""
        from opentelemetry.trace import StatusCode

        under_way = self._calls.pop(call, None)
        _, measurements = self._equipped()
        measurements.record(result)
        if under_way is None:
            return
        _leave(under_way)  # An attempt that was cancelled half way.
        span = under_way.span
        if span.is_recording():
            span.update_name(f"{attributes.operation(call)} {result.model}")
            span.set_attributes({**attributes.parameters(call.params), **attributes.outcome(result)})
            if self._content:
                texts = {
                    "gen_ai.input.messages": content.question(call.input),
                    "gen_ai.output.messages": content.answer(result.response),
                }
                span.set_attributes({name: text for name, text in texts.items() if text is not None})
            if result.error is not None:
                span.set_status(StatusCode.ERROR, str(result.error) if self._content else None)
        span.end()

    def close(self) -> None:
        """Send what waits. Providers of the application's are its own to close."""
        with self._lock:
            equipment, self._equipment = self._equipment, None
        if equipment is not None:
            equipment[0].shut_down()

    def _equipped(self) -> tuple[Providers, Measurements]:
        equipment = self._equipment
        if equipment is not None:
            return equipment
        with self._lock:
            if self._equipment is None:
                providers = providers_of(self._environ)
                self._equipment = providers, Measurements(providers.meter)
            return self._equipment


def _tell_step(under_way: _Open, call: CallContext) -> None:
    """The event that leads from one attempt to the next."""
    last = under_way.last
    if last is None:
        return
    about: attributes.Attributes = {"error.type": last.error_class or "", "llmhub.attempt.number": last.number + 1}
    if (last.provider, last.model) == (call.provider, call.model):
        under_way.span.add_event("llmhub.retry", about)
    else:
        ends = {"llmhub.from": f"{last.provider}:{last.model}", "llmhub.to": f"{call.provider}:{call.model}"}
        under_way.span.add_event("llmhub.fallback", {**about, **ends})


def _leave(under_way: _Open) -> None:
    from opentelemetry import context

    if under_way.attempt is not None:
        context.detach(under_way.token)
        under_way.attempt.end()
        under_way.attempt = under_way.token = None
