"""`llmhub serve keys`: who may ask for what, of which roles, and for how much money."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from llmhub_server.access.permission import PERMISSIONS, USUAL

if TYPE_CHECKING:
    from llmhub.cli.session import Session
    from llmhub.records.spending import BudgetState
    from llmhub_server.access.key import AccessKey
    from llmhub_server.access.permission import Permission
    from llmhub_server.access.store import KeyStore


@click.group()
def keys() -> None:
    """Make, list and revoke keys for `llmhub serve`.

    As soon as a project has a key, every request needs one.
    """


@keys.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, help="A role or glob (llm.*) it may call; again for more.")
@click.option(
    "--allow",
    "allows",
    multiple=True,
    type=click.Choice(PERMISSIONS),
    help="What it may ask for, and nothing else; again for more (default: calls and catalog).",
)
@click.option("--budget", help="US dollars that its calls may cost.")
@click.option(
    "--per", type=click.Choice(["hour", "day", "month", "total"]), help="The budget's window (default: month)."
)
@click.option("--expires", help="Until when it holds: 30d, 12h, or a date.")
@click.pass_obj
def add(
    session: Session,
    name: str,
    roles: tuple[str, ...],
    allows: tuple[Permission, ...],
    budget: str | None,
    per: Any,
    expires: str | None,
) -> None:
    """Make a key, and show it this once.

    calls: of the roles named with --role, and the list of them. catalog: /api, what is told of models.
    metrics: /metrics, what everybody's calls were and cost.

    Example: llmhub serve keys add web-app --role 'llm.*' --budget 50 --per month --expires 90d

    Example: llmhub serve keys add prometheus --allow metrics
    """
    from llmhub_server.access.expiry import expiry
    from llmhub_server.access.key import AccessKey
    from llmhub_server.access.token import new_token

    if not name.isprintable() or not 0 < len(name) <= 64:
        raise click.BadParameter("a key is named by 1 to 64 printable characters", param_hint="NAME")
    allows = tuple(dict.fromkeys(allows)) or USUAL
    if "calls" in allows and not roles:
        raise click.UsageError("--role says which roles a key may call; one is missing ('*' means all)")
    if "calls" not in allows and (roles or budget):
        raise click.UsageError("--role and --budget are for calls, and --allow leaves calls out")
    if per and budget is None:
        raise click.UsageError("--per says how often a --budget is full again; there is none")
    now = datetime.now(UTC)
    try:
        ends = None if expires is None else expiry(expires, now)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--expires") from None
    dollars = None if budget is None else _dollars(budget)
    token, key_id, digest = new_token()
    store = _store(session, roles)
    store.add(
        AccessKey(
            name=name,
            key_id=key_id,
            digest=digest,
            roles=roles,
            created_at=int(now.timestamp()),
            allows=allows,
            budget=dollars,
            window=per or "month",
            expires_at=None if ends is None else int(ends.timestamp()),
        )
    )
    session.say("This key is shown once, and kept only as a hash:")
    click.echo(token)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_keys(session: Session, as_json: bool) -> None:
    """List the keys of the project, also those that no longer hold.

    Example: llmhub serve keys list
    """
    from llmhub.cli.render import print_json, print_table, print_text

    found = _store(session).keys()
    if as_json:
        print_json([_plain(key) for key in found])
    elif not found:
        print_text("No keys: `llmhub serve` answers on this machine only. `llmhub serve keys add` makes one.")
    else:
        print_table(
            ("key", "state", "allows", "roles", "budget", "made", "expires"),
            [
                (
                    key.name,
                    key.state(time.time()),
                    " ".join(key.allows),
                    " ".join(key.roles) or None,
                    _budget(key),
                    _day(key.created_at),
                    _until(key),
                )
                for key in found
            ],
        )


@keys.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show(session: Session, name: str, as_json: bool) -> None:
    """Show one key, and how its budget stands. Its secret is nowhere.

    Example: llmhub serve keys show web-app
    """
    from llmhub.cli.render import dollars, print_fields, print_json

    key = _store(session).key(name)
    state = _state(session, key)
    if as_json:
        spent = None if state is None else format(state.spent, "f")
        print_json({**_plain(key), "spent": spent})
        return
    print_fields(
        {
            "key": key.name,
            "id": key.key_id,
            "state": key.state(time.time()),
            "allows": " ".join(key.allows),
            "roles": " ".join(key.roles) or None,
            "budget": _budget(key),
            "spent": None if state is None else dollars(state.spent),
            "made": _moment(key.created_at),
            "expires": _moment(key.expires_at),
            "revoked": _moment(key.revoked_at),
        }
    )


@keys.command()
@click.argument("name")
@click.pass_obj
def revoke(session: Session, name: str) -> None:
    """End a key for good, in running servers within a second.

    Example: llmhub serve keys revoke web-app
    """
    _store(session).revoke(name, int(time.time()))
    session.say(f"The key {name!r} opens nothing any more.")


def _store(session: Session, roles: tuple[str, ...] = ()) -> KeyStore:
    """The keys of the project; *roles* that no role of it fits are told of."""
    from llmhub.errors import nearest
    from llmhub_server.access.principal import Principal
    from llmhub_server.access.store import KeyStore

    config = session.config()
    for pattern in roles:
        if not any(Principal(roles=(pattern,)).may_use(role) for role in config.roles):
            close = nearest(pattern, tuple(config.roles))
            hint = f" Did you mean {close!r}?" if close else ""
            session.say(f"warning: no role of {config.project} is {pattern!r} now.{hint}")
    return KeyStore.of(config.project, session.environ)


def _state(session: Session, key: AccessKey) -> BudgetState | None:
    from llmhub_server.access.budgets import budget_name, with_budgets

    states = session.workspace.budgets(with_budgets(session.config(), [key]))
    return next((state for state in states if state.name == budget_name(key.name)), None)


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount < 9_000_000:
        raise click.BadParameter(
            f"{text!r} is no amount of US dollars above 0 and below 9 million", param_hint="--budget"
        )
    return amount


def _plain(key: AccessKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "id": key.key_id,
        "state": key.state(time.time()),
        "allows": list(key.allows),
        "roles": list(key.roles),
        "budget": None if key.budget is None else format(key.budget, "f"),
        "per": None if key.budget is None else key.window,
        "created_at": _iso(key.created_at),
        "expires_at": _iso(key.expires_at),
        "revoked_at": _iso(key.revoked_at),
    }


def _budget(key: AccessKey) -> str | None:
    from llmhub.cli.render import dollars

    return None if key.budget is None else f"{dollars(key.budget)} per {key.window}".replace("per total", "in all")


def _until(key: AccessKey) -> str | None:
    return None if key.expires_at is None else _day(key.expires_at)


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def _moment(at: int | None) -> str | None:
    return None if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def _iso(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
