"""`llmhub status`: where the project stands, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import print_fields, print_json, print_text
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.config import HubConfig


@click.command()
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON: spec, config, environment, roles, missing_keys, catalog, attention, next.",
)
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
    for line in facts["attention"]:
        print_text(f"! {line}")
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
        "attention": [],
    }
    if session.spec_path is None and session.config_path is None:
        return facts | {"next": "`llmhub init` writes a first spec here; `llmhub demo` shows the whole way."}
    if session.config_path is None:
        session.spec()  # problems are told now, not at the next step
        return facts | {"next": "`llmhub generate` chooses a model for every role of the spec."}
    return facts | _facts_of_config(session, catalog)


def _facts_of_config(session: Session, catalog: Catalog | None) -> dict[str, Any]:
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import missing_keys

    config = session.config()
    missing = list(missing_keys(config, session.environ, DEFAULT_ENV_KEYS).values())
    following = (
        f"export {', '.join(missing)} or write {'it' if len(missing) == 1 else 'them'} into .env, then `llmhub test`."
        if missing
        else "`llmhub test` calls every role once."
    )
    return {
        "environment": config.env,
        "roles": len(config.roles),
        "missing_keys": missing,
        "attention": _attention(session, config, catalog) if catalog else [],
        "next": following,
    }


def _attention(session: Session, config: HubConfig, catalog: Catalog) -> list[str]:
    """What has moved since the file was generated, as far as a look at its stamps and its models tells."""
    from llmhub.generate.complete import stamps
    from llmhub.records.measures import is_live
    from llmhub.workspace.proposal import stored_measurements

    targets = [
        target
        for role in config.roles.values()
        for target in ((role.provider, role.model), *((one.provider, one.model) for one in role.fallbacks))
    ]
    used = dict.fromkeys(f"{provider}:{model}" for provider, model in targets)
    gone = [
        f"{model.canonical_id} is {model.status}"
        for model in (catalog.models[name] for name in used if name in catalog.models)
        if not is_live(model)
    ]
    found = [f"{', '.join(gone)}: `llmhub upgrade` names what can take the place."] if gone else []
    if config.generated is not None and session.spec_path is not None:
        now = stamps(session.spec(), catalog.fingerprint, stored_measurements(session.workspace))
        name = session.config_path.name if session.config_path else "the configuration"
        if config.generated.spec_hash != now.spec_hash:
            found.append(f"the spec changed since {name} was generated: `llmhub generate` brings it up to date.")
        elif config.generated.measured != now.measured:
            found.append(f"the measured latencies changed since {name} was generated: `llmhub generate` heeds them.")
        elif config.generated.catalog != now.catalog:
            found.append(f"the catalog changed since {name} was generated: `llmhub upgrade` says what that offers.")
    return found
