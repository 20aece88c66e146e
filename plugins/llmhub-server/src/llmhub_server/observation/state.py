"""What one worker knows of itself: its figures, and whether it is about to end."""

from __future__ import annotations

from attrs import Factory, define

from llmhub_server.observation.calls import CallMeter
from llmhub_server.observation.meters import Meters


@define(eq=False)
class State:
    """`calls` counts into `meters` what the hub does that it was given to. `draining`: no more work, please."""

    meters: Meters = Factory(Meters)
    calls: CallMeter = Factory(lambda self: CallMeter(self.meters), takes_self=True)
    draining: bool = False
