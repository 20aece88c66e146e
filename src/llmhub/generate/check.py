"""Whether a present `llmhub.yaml` is what a generation would give, and if not, why. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

from attrs import frozen

from llmhub.generate.carry import carry
from llmhub.generate.changes import RoleChange, changes
from llmhub.generate.decided import content_hash, decided, entries, is_pinned
from llmhub.generate.emit import render_values
from llmhub.generate.present import PresentFile
from llmhub.records.config import Generated

Cause = Literal["missing", "unstamped", "edited", "spec", "catalog", "measured", "version", "other"]
"""Why a file would differ: there is none; it does not say what it was made from; somebody edited it; one of the four
it was made from is another now; or, with all of them as they were, a plugin or what a model advised."""

_STAMPS: Mapping[str, Cause] = {
    "spec_hash": "spec",
    "catalog": "catalog",
    "measured": "measured",
    "by": "version",
}


@frozen(kw_only=True)
class Verdict:
    """`causes` and `roles` are empty for a file that is up to date; `roles` also when only other parts differ.

    `other` names these: top-level keys, and `layout` when the same values would be written in another way.
    """

    up_to_date: bool
    causes: tuple[Cause, ...] = ()
    roles: tuple[RoleChange, ...] = ()
    other: tuple[str, ...] = ()


def still_holds(present: PresentFile, now: Generated, data_days: Collection[str] | None = None) -> bool:
    """Whether *present* was made from what there is *now* and left as it was made, so that making it anew is needless.

    Only where a configuration follows from spec, catalog, measurements and version alone: by the default generator,
    without scorers of other plugins. Everything is compared that the text depends on: the stamps, the hash of what
    was decided, the text itself with the values as they stand, and the dates in reasons. A catalog's fingerprint
    leaves those out; they must be among *data_days*, the days (ISO) of its sources' data and of the measurements,
    unless these are left out of account.
    """
    return (
        not _differing_stamps(present, now)
        and present.stamps.get("content") == content_hash(present.values)
        and render_values(carry(decided(present.values), present.values), present) == present.text
        and (data_days is None or _days_in_reasons(present) <= set(data_days))
    )


def judge(present: PresentFile | None, text: str, values: Mapping[str, Any]) -> Verdict:
    """How *present* stands to the *text* that a generation gives now, which says *values*."""
    if present is None:
        return Verdict(up_to_date=False, causes=("missing",), roles=changes({}, values))
    if present.text == text:
        return Verdict(up_to_date=True)
    differing = tuple(
        key
        for key in dict.fromkeys([*values, *present.values])
        if key not in ("generated", "roles", "defaults") and values.get(key) != present.values.get(key)
    )
    roles = changes(present.values, values)
    relaid = not roles and not differing and values.get("generated") == present.values.get("generated")
    return Verdict(
        up_to_date=False,
        causes=("edited",) if relaid else _causes(present, values["generated"]),
        roles=roles,
        other=("layout",) if relaid else differing,
    )


def _causes(present: PresentFile, now: Mapping[str, Any]) -> tuple[Cause, ...]:
    if not present.stamps:
        return ("unstamped",)
    causes: list[Cause] = []
    if "content" not in present.stamps:
        causes.append("unstamped")
    elif present.stamps["content"] != content_hash(present.values):
        causes.append("edited")
    causes += [cause for stamp, cause in _STAMPS.items() if present.stamps.get(stamp) != now.get(stamp)]
    return tuple(causes) or ("other",)


def _days_in_reasons(present: PresentFile) -> set[str]:
    roles = (role for role in entries(present.values, "roles").values() if isinstance(role, Mapping))
    return {day for role in roles if not is_pinned(role) for day in _DAY.findall(str(role.get("reason", "")))}


_DAY = re.compile(r"(?<![-\w])\d{4}-\d{2}-\d{2}\b")
"""A day by itself, not at the end of a model's id."""


def _differing_stamps(present: PresentFile, now: Generated) -> list[str]:
    return [stamp for stamp in _STAMPS if present.stamps.get(stamp) != getattr(now, stamp)]
