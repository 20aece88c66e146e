"""Until when a key holds, as people write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def expiry(text: str, now: datetime) -> datetime:
    """The moment that *text* means: `90m`, `12h`, `30d`, `2w` from *now*, or a date (its beginning, UTC).

    >>> expiry("30d", datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2026-01-31T00:00:00+00:00'
    >>> expiry("2027-01-31", datetime(2026, 1, 1, tzinfo=UTC)).isoformat()
    '2027-01-31T00:00:00+00:00'

    Raises:
        ValueError: it means nothing, or is over.
    """
    span = re.fullmatch(r"(\d{1,5})([mhdw])", text.strip())
    if span:
        moment = now + timedelta(**{_UNITS[span[2]]: int(span[1])})
    else:
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise ValueError(f"{text!r} is neither a span such as 30d or 12h nor a date such as 2027-01-31") from None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment <= now:
        raise ValueError(f"{text!r} is over already ({moment:%Y-%m-%d %H:%M} UTC)")
    return moment
