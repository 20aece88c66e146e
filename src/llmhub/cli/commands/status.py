"""`llmhub status`: where the project stands, and the next step."""

from __future__ import annotations

from typing import Any

import click

from llmhub.cli.render import print_fields, print_json, print_text
from llmhub.cli.session import Session


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON: spec, config, roles, missing_keys, catalog, next.")
@click.pass_context
def command(ctx: click.Context, as_json: bool = False) -> None:
    """Show where the project stands, and the next step.

    Example: llmhub status
    """
    session = ctx.ensure_object(Session)
    facts = _facts(session)
    if as_json:
        print_json(facts)
        return
    print_fields(
        {
            "spec": facts["spec"] or "none",
            "configuration": facts["config"] or "none",
            "environment": facts["environment"] or "-",
            "roles": facts["roles"],
            "keys missing": ", ".join(facts["missing_keys"]) or "none",
            "catalog": facts["catalog"] or "none stored yet",
        }
    )
    print_text(f"Next: {facts['next']}", space_above=1)


def _facts(session: Session) -> dict[str, Any]:
    catalog = session.stored_catalog()
    facts: dict[str, Any] = {
        "spec": str(session.spec_path) if session.spec_path else None,
        "config": str(session.config_path) if session.config_path else None,
        "environment": session.environment,
        "roles": 0,
        "missing_keys": [],
        "catalog": f"{len(catalog.models)} models, built {catalog.built_at}" if catalog else None,
    }
    if session.spec_path is None and session.config_path is None:
        return facts | {"next": "`llmhub init` writes a first spec here; `llmhub demo` shows the whole way."}
    if session.config_path is None:
        session.spec()  # problems are told now, not at the next step
        return facts | {"next": "`llmhub generate` chooses a model for every role of the spec."}
    return facts | _facts_of_config(session)


def _facts_of_config(session: Session) -> dict[str, Any]:
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import missing_keys

    config = session.config()
    missing = list(missing_keys(config, session.environ, DEFAULT_ENV_KEYS).values())
    following = (
        f"export {', '.join(missing)} or write {'it' if len(missing) == 1 else 'them'} into .env, then `llmhub test`."
        if missing
        else "`llmhub test` calls every role once."
    )
    return {"environment": config.env, "roles": len(config.roles), "missing_keys": missing, "next": following}
