"""Traces and metrics of calls by OpenTelemetry's conventions for generative AI (`pip install 'llmhub[otel]'`).

With no provider of the application's and no exporter in the `OTEL_*` variables nothing is imported, and no call costs
more.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.builtin.otel.activation import wanted
from llmhub.records.contributions import CallWatcher


@hookimpl
def llmhub_call_watchers() -> Sequence[CallWatcher]:
    if not wanted(os.environ):
        return []
    from llmhub.builtin.otel.telemetry import Telemetry

    telemetry = Telemetry(os.environ)
    return [
        CallWatcher(
            name="otel",
            before_call=telemetry.before_call,
            before_attempt=telemetry.before_attempt,
            on_attempt=telemetry.on_attempt,
            after_call=telemetry.after_call,
            close=telemetry.close,
        )
    ]
