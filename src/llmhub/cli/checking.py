"""`llmhub generate --check`: whether the file is what a generation would give, told for people and for programs.

It asks no model and leaves the network alone: the stored catalog, and what a model answered before, must do.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.generate.check import Verdict
    from llmhub.generate.present import PresentFile
    from llmhub.records.spec import HubSpec

_WORDS: Mapping[str, str] = {
    "missing": "there is no such file yet",
    "unstamped": "the file does not say what it was generated from",
    "edited": "edited by hand",
    "spec": "the spec changed",
    "catalog": "the catalog changed",
    "measured": "the measured latencies changed",
    "version": "made by another version of llmhub",
    "other": "a plugin, or what a model advised, changed",
}


def check_file(session: Session, *, advice_of: str | None, ignore_catalog: bool, as_json: bool) -> None:
    """Compare, tell, and end with 1 when the file would differ. *advice_of*: the model whose kept answers count.

    Raises:
        NoCatalogError: no catalog is stored, and without one nothing can be compared.
    """
    from llmhub.generate.check import Verdict
    from llmhub.workspace.proposal import config_file, present_file

    spec = session.spec()
    path = config_file(session.workspace)
    present = present_file(path)
    verdict = _quickly(session, spec, path, present, ignore_catalog=ignore_catalog)
    if verdict is None:
        verdict = _compared(session, spec, advice_of)
        if ignore_catalog and set(verdict.causes) == {"catalog"}:
            verdict = Verdict(up_to_date=True)
    if as_json:
        from llmhub.cli.render import print_json

        print_json(_plain(verdict, str(path)))
    else:
        _tell(verdict, path.name)
    if not verdict.up_to_date:
        raise click.exceptions.Exit(1)


def _quickly(
    session: Session, spec: HubSpec, path: Path, present: PresentFile | None, *, ignore_catalog: bool
) -> Verdict | None:
    """That the file is up to date, where that shows without choosing anew; `None` where it does not.

    Raises:
        NoCatalogError: as `check_file` says.
    """
    from llmhub.generate.check import Verdict, still_holds
    from llmhub.generate.complete import stamps
    from llmhub.generate.pins import pin_warnings
    from llmhub.workspace.proposal import pins_in, stored_measurements, warn_of_age

    determined = present is not None and _is_determined(session, spec)
    measured = stored_measurements(session.workspace)
    if ignore_catalog and present and determined:
        pins_in(present, path)
        if still_holds(present, stamps(spec, str(present.stamps.get("catalog")), measured)):
            return Verdict(up_to_date=True)
    catalog = _stored(session, ignore_catalog=ignore_catalog)
    days = [state.as_of[:10] for state in catalog.sources if state.as_of] + ([measured.until] if measured else [])
    if not present or not determined or not still_holds(present, stamps(spec, catalog.fingerprint, measured), days):
        return None
    warn_of_age(session.workspace, catalog)
    for warning in pin_warnings(pins_in(present, path), spec, catalog.models):
        session.say(f"warning: {warning}")
    return Verdict(up_to_date=True)


def _is_determined(session: Session, spec: HubSpec) -> bool:
    """Whether the choice follows from files, catalog and version alone: no other generator, no scorer of a plugin."""
    from llmhub.generate import DEFAULT_GENERATOR

    offering = [plugin for plugin in session.host.plugins() if "generate" in plugin.kinds]
    return spec.generator == DEFAULT_GENERATOR and all(
        (plugin.distribution == "llmhub") == (plugin.status != "disabled") for plugin in offering
    )


def _stored(session: Session, *, ignore_catalog: bool) -> Catalog:
    from llmhub.errors import NoCatalogError

    catalog = session.stored_catalog()
    if catalog is None:
        hint = "" if ignore_catalog else ", or leave it out of account with --ignore-catalog"
        raise NoCatalogError(
            "no catalog is stored here, and --check leaves the network alone. "
            f"Run `llmhub catalog refresh` first{hint}."
        )
    return catalog


def _compared(session: Session, spec: HubSpec, advice_of: str | None) -> Verdict:
    from llmhub.cli.assistance import kept_answers
    from llmhub.cli.choosing import propose
    from llmhub.generate.check import judge

    # The stored catalog as it is: a stale one would have a refresh begin.
    catalog = _stored(session, ignore_catalog=False)
    proposal = propose(session, kept_answers(session, advice_of), spec=spec, catalog=catalog)
    for warning in proposal.generation.warnings:
        session.say(f"warning: {warning}")
    return judge(proposal.present, proposal.text, proposal.values)


def _tell(verdict: Verdict, name: str) -> None:
    from llmhub.cli.render import print_table, print_text
    from llmhub.cli.role_changes import told

    if verdict.up_to_date:
        click.echo(f"{name} is up to date.")
        return
    print_text(f"{name} is not what `llmhub generate` would write: {', '.join(_because(verdict.causes))}.")
    if verdict.roles:
        print_table(
            ("  role", "difference", "because"),
            [
                (f"  {change.role}", told(change), " or ".join(_because(_causes_of(change.kind, verdict))))
                for change in verdict.roles
            ],
        )
    elif verdict.other:
        print_text(f"No role would change; {', '.join(verdict.other)} would.", indent=2)
    else:
        print_text("No role would change; only what the file says it was generated from.", indent=2)
    print_text("`llmhub generate` brings it up to date; `llmhub runtime diff` says what that costs or gains.")


def _causes_of(kind: str, verdict: Verdict) -> tuple[str, ...]:
    """Why one role would differ. Which of several causes it was cannot be told from the file."""
    if kind in ("added", "removed") and "spec" in verdict.causes:
        return ("spec",)
    return verdict.causes


def _because(causes: tuple[str, ...]) -> list[str]:
    return [_WORDS[cause] for cause in causes]


def _plain(verdict: Verdict, file: str) -> dict[str, Any]:
    from llmhub.cli.role_changes import plain_change

    return {
        "file": file,
        "up_to_date": verdict.up_to_date,
        "causes": list(verdict.causes),
        "roles": [
            {**plain_change(change), "causes": list(_causes_of(change.kind, verdict))} for change in verdict.roles
        ],
        "other": list(verdict.other),
    }
