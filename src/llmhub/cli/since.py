"""Points in time as people write them on a command line: 24h, 7d, 2026-11-01."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


# Older versions of click cannot be told of what type a parameter is.
if TYPE_CHECKING:
    Moment = click.ParamType[datetime]
else:
    Moment = click.ParamType


class Since(Moment):
    """So long ago (30m, 24h, 7d, 2w), or a day or time in ISO 8601; without a zone it is UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        ago = re.fullmatch(r"(\d{1,5})([mhdw])", text)
        if ago:
            return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.fail(
                f"{text!r} is no time. Expected so long ago (30m, 24h, 7d, 2w) or a day (2026-11-01).", param, ctx
            )
        return at if at.tzinfo else at.replace(tzinfo=UTC)
