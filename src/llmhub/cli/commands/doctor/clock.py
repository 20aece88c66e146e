"""This machine's clock against that of a server it asks. Tokens, budgets and cached facts go by the clock."""

from __future__ import annotations

import email.utils
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.records.contributions import Finding

TOLERANCE = 60.0
"""Seconds. Cloud providers refuse signed requests from five minutes on; one minute is out of the ordinary."""

_PATIENCE = 5.0
_PUBLIC = "https://models.dev"


def check(examined: Examined) -> Iterator[Finding]:
    """How far the clock is off, by the first address that tells its time."""
    if not examined.network:
        return
    for address in _addresses(examined):
        skew = measure(address)
        if skew is None:
            continue
        if abs(skew) <= TOLERANCE:
            yield Finding(check="clock", severity="ok", message=f"agrees with {address} within {TOLERANCE:.0f} s")
        else:
            direction = "ahead of" if skew > 0 else "behind"
            yield Finding(
                check="clock",
                severity="warning",
                message=f"this machine's clock is {abs(skew):.0f} s {direction} that of {address}",
                remedy="Turn on time synchronisation (NTP).",
            )
        return


def measure(address: str) -> float | None:
    """Seconds by which this clock is ahead of the server's; `None` when it is not reached or tells no time."""
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - http and https only, see _addresses
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            stated = answer.headers.get("Date")
    except urllib.error.HTTPError as refusal:  # says no, and tells its time all the same
        stated = refusal.headers.get("Date")
    except (OSError, ValueError):
        return None
    try:
        return time.time() - email.utils.parsedate_to_datetime(stated).timestamp() if stated else None
    except ValueError:
        return None


def _addresses(examined: Examined) -> Iterator[str]:
    if examined.config is not None:
        for provider in examined.config.providers.values():
            if provider.api_base and provider.api_base.startswith(("http://", "https://")):
                yield provider.api_base
    yield _PUBLIC
