"""Whether calls are to be traced, and whose providers are used. Imports no OpenTelemetry unless the application has."""

from __future__ import annotations

import sys
from collections.abc import Mapping

_EXPORTERS = ("OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER")
_ENDPOINTS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
)


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether the application has set up OpenTelemetry, or *environ* names an exporter and the packages are there."""
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if application_has_providers():
        return True
    return names_an_exporter(environ) and _sdk_is_installed()


def application_has_providers() -> bool:
    """Whether this process has a tracer or meter provider of its own already."""
    trace, metrics = sys.modules.get("opentelemetry.trace"), sys.modules.get("opentelemetry.metrics")
    return (trace is not None and not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)) or (
        # The class of the stand-in is not public, unlike that of the tracers'.
        metrics is not None and type(metrics.get_meter_provider()).__name__ != "_ProxyMeterProvider"
    )


def names_an_exporter(environ: Mapping[str, str]) -> bool:
    """Whether *environ* says where spans or metrics go. `none` is no place.

    >>> names_an_exporter({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    True
    >>> names_an_exporter({"OTEL_TRACES_EXPORTER": "none"}), names_an_exporter({"OTEL_SERVICE_NAME": "shop"})
    (False, False)
    """
    named = [environ.get(name, "").strip().lower() for name in _EXPORTERS]
    if any(name not in ("", "none") for name in named):
        return True
    return any(environ.get(name, "").strip() for name in _ENDPOINTS) and named != ["none", "none"]


def captures_content(environ: Mapping[str, str]) -> bool:
    """Whether questions, answers and providers' messages may stand in spans: only where *environ* says so.

    >>> captures_content({}), captures_content({"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "true"})
    (False, True)
    """
    value = environ.get("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "").strip().lower()
    return value in ("true", "span_only", "span_and_event")


def _sdk_is_installed() -> bool:
    from importlib.util import find_spec

    try:
        return find_spec("opentelemetry.sdk.trace") is not None
    except ModuleNotFoundError:
        return False
