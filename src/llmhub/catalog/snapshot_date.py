"""The date a model's name carries, in the many ways names write it."""

from __future__ import annotations

import re

from attrs import frozen


@frozen(kw_only=True)
class SnapshotDate:
    """Year, month and day as far as a name states them, or a revision number as Google counts (`-001`)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    revision: int | None = None

    @property
    def is_a_day(self) -> bool:
        """Whether month and day are known: hardly two snapshots of one model share them."""
        return self.month is not None and self.day is not None

    def agrees_with(self, other: SnapshotDate) -> bool:
        """Whether both can be the same day: what both state is equal, and they state something in common."""
        pairs = (
            (self.year, other.year),
            (self.month, other.month),
            (self.day, other.day),
            (self.revision, other.revision),
        )
        shared = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
        return bool(shared) and all(mine == theirs for mine, theirs in shared)


def take_date(name: str) -> tuple[str, SnapshotDate | None]:
    """*name* without its date, and the date; the name as it is when it carries none."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(name):
            parts = {key: int(value) for key, value in found.groupdict().items() if value is not None}
            date = _valid(parts)
            if date is not None:
                return name[: found.start()] + name[found.end() :], date
    return name, None


def read_iso(text: str) -> SnapshotDate | None:
    """A date as sources state it: 2025-09-29, 2025-09 or 2025; `None` for anything else."""
    parts = text.split("-")
    if len(parts) > 3 or not all(part.isdigit() for part in parts):
        return None
    return _valid(dict(zip(("year", "month", "day"), map(int, parts), strict=False)))


_YEAR, _MONTH, _DAY = r"(?P<year>20[12]\d)", r"(?P<month>\d\d)", r"(?P<day>\d\d)"
_START, _END = r"(?:(?<=[-_@ (])|^)", r"(?![\dA-Za-z.])"

_PATTERNS = tuple(
    re.compile(_START + body + _END)
    for body in (
        rf"{_YEAR}-?{_MONTH}-?{_DAY}",  # 2025-09-29, 20250929
        rf"{_MONTH}-{_YEAR}",  # 09-2025
        rf"{_YEAR}{_MONTH}",  # 202506
        rf"(?P<short_year>2[3-7])-{_MONTH}-{_DAY}",  # 26-02-10
        rf"(?P<short_year>2[3-7])\.{_MONTH}",  # 24.02
        rf"{_MONTH}-{_DAY}",  # 06-17
        rf"(?P<short_year>2[3-7]){_MONTH}",  # 2507: July 2025
        rf"{_MONTH}{_DAY}",  # 0905: 5 September
        r"(?P<revision>00\d)",
    )
)


def _valid(parts: dict[str, int]) -> SnapshotDate | None:
    if "short_year" in parts:
        parts["year"] = 2000 + parts.pop("short_year")
    if not 1 <= parts.get("month", 1) <= 12 or not 1 <= parts.get("day", 1) <= 31:
        return None
    return SnapshotDate(**parts)
