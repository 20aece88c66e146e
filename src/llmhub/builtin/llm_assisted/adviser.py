"""Which model is asked for advice, how to reach it, and whether it can be called from here."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from attrs import field, frozen

from llmhub.errors import HubError, MissingKeysError
from llmhub.records.config import HubConfig, ProviderConfig, Retry, RoleConfig
from llmhub.records.selection import Assistance, GenerateRequest, Generation

ROLE = "llm_assisted"
"""The name of the one role of the configuration in memory: what call hooks see."""

LONGEST_OUTPUT = 8_000
"""Tokens an answer may cost; a model that thinks first needs most of them for that."""


@frozen(kw_only=True)
class Adviser:
    """A model by its name `provider:model`. `obstacle` says why it cannot be called; empty when it can."""

    name: str
    config: HubConfig = field(repr=False)
    obstacle: str = ""


def adviser_for(request: GenerateRequest, plain: Generation, assistance: Assistance) -> Adviser | None:
    """The model that the user named; else, of the models of chat roles, the first that can be called.

    Roles that weigh quality most come first, then those that stand first in the spec. When none can be called, the
    first of them all, with its obstacle, since it may have answered before. `None`: there is no chat role.
    """
    named = [assistance.model] if assistance.model else list(_models_of_chat_roles(plain))
    advisers = [_adviser(name, request, assistance) for name in dict.fromkeys(named)]
    return next((one for one in advisers if not one.obstacle), advisers[0] if advisers else None)


def _models_of_chat_roles(plain: Generation) -> Iterator[str]:
    chats = [selection for selection in plain.selections if selection.need.mode == "chat"]
    for selection in sorted(chats, key=lambda one: -one.need.weights.get("quality", 0.0)):
        yield selection.chosen.canonical_id


def _adviser(name: str, request: GenerateRequest, assistance: Assistance) -> Adviser:
    provider, _, model = name.partition(":")
    declared = request.spec.providers.get(provider)
    settings = (
        ProviderConfig(env_key=declared.env_key, api_base=declared.api_base, type=declared.type)
        if declared
        else ProviderConfig()
    )
    known = next((one.max_output_tokens for one in request.models if one.canonical_id == name), None)
    config = HubConfig(
        project=request.spec.project,
        env=request.spec.env,
        providers={provider: settings},
        roles={
            ROLE: RoleConfig(
                provider=provider,
                model=model,
                params={"max_tokens": min(LONGEST_OUTPUT, known or LONGEST_OUTPUT)},
                deadline=assistance.timeout,
                retry=Retry(attempts=2),
            )
        },
    )
    return Adviser(name=name, config=config, obstacle=_obstacle(config, settings, assistance))


def _obstacle(config: HubConfig, settings: ProviderConfig, assistance: Assistance) -> str:
    from llmhub import Hub

    if assistance.reach == "nowhere":
        return "it has not answered this before, and only `llmhub generate` asks"
    if assistance.reach == "this machine" and not _is_here(settings.api_base):
        return "offline, only a model with an `api_base` on this machine is asked"
    try:
        Hub(config=config, strict_env=True)
    except MissingKeysError as error:
        return f"{', '.join(error.missing.values())} is not set here"
    except HubError as error:
        return str(error)
    return ""


def _is_here(api_base: str | None) -> bool:
    host = urlsplit(api_base or "").hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
