"""What the calls of a project showed of the models they went to; the whole of `llmhub.measured.yaml`."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class Latency:
    """`seconds`: what an answer of 256 tokens takes, by the median of `calls` calls; for an embedding, a call."""

    seconds: float
    calls: int


@frozen(kw_only=True)
class Measurements:
    """How fast models answered in the `days` days up to and with the day `until` (ISO), by canonical id."""

    until: str
    days: int
    latency: Mapping[str, Latency] = field(factory=dict)
