"""Where spans and measurements go: the application's providers, or ones set up from the `OTEL_*` variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from llmhub.builtin.otel.activation import application_has_providers

if TYPE_CHECKING:
    from opentelemetry.metrics import Meter
    from opentelemetry.trace import Tracer

SCOPE = "llmhub"


@frozen(kw_only=True)
class Providers:
    """A tracer and a meter. `owned`: the providers behind them that are ours to flush and shut down."""

    tracer: Tracer
    meter: Meter
    owned: tuple[Any, ...] = ()

    def shut_down(self) -> None:
        """Send what waits, and stop the threads of the providers that are ours."""
        for provider in self.owned:
            provider.shutdown()


def providers_of(environ: Mapping[str, str]) -> Providers:
    """The application's providers where it has any, else new ones as *environ* describes them.

    Raises:
        LookupError: *environ* names an exporter that no installed distribution offers.
    """
    from opentelemetry import metrics, trace

    if application_has_providers():
        return Providers(tracer=trace.get_tracer(SCOPE), meter=metrics.get_meter(SCOPE))
    return _from(environ)


def _from(environ: Mapping[str, str]) -> Providers:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    readers: list[MetricReader] = [
        PeriodicExportingMetricReader(exporter) for exporter in _exporters("metrics", environ)
    ]
    tracers = TracerProvider()
    for exporter in _exporters("traces", environ):
        tracers.add_span_processor(BatchSpanProcessor(exporter))
    meters = MeterProvider(metric_readers=readers)
    return Providers(tracer=tracers.get_tracer(SCOPE), meter=meters.get_meter(SCOPE), owned=(tracers, meters))


def _exporters(signal: str, environ: Mapping[str, str]) -> list[Any]:
    """The exporters of *signal*, each set up by its own variables.

    Without `OTEL_<SIGNAL>_EXPORTER` that is OTLP where an endpoint is given for the signal, or for all of them.
    """
    from importlib.metadata import entry_points

    upper = signal.upper()
    named = environ.get(f"OTEL_{upper}_EXPORTER", "").strip()
    if not named:
        endpoints = (f"OTEL_EXPORTER_OTLP_{upper}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
        named = "otlp" if any(environ.get(name) for name in endpoints) else "none"
    exporters = []
    for name in (part.strip() for part in named.split(",")):
        if name in ("", "none"):
            continue
        entry = _otlp(upper, environ) if name == "otlp" else name
        found = list(entry_points(group=f"opentelemetry_{signal}_exporter", name=entry))
        if not found:
            raise LookupError(f"no installed package offers the exporter {entry!r} that OTEL_{upper}_EXPORTER asks for")
        exporters.append(found[0].load()())
    return exporters


def _otlp(upper: str, environ: Mapping[str, str]) -> str:
    protocol = environ.get(f"OTEL_EXPORTER_OTLP_{upper}_PROTOCOL") or environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    return "otlp_proto_grpc" if protocol == "grpc" else "otlp_proto_http"
