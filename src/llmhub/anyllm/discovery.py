"""Which of any-llm's providers answer from here, and which models they say they serve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from llmhub import errors
from llmhub.anyllm import failures
from llmhub.anyllm.endpoints import Endpoint, endpoint
from llmhub.anyllm.providers import PROVIDERS
from llmhub.records.config import ProviderConfig
from llmhub.records.foreign import well_formed
from llmhub.records.model import ListingOutcome, ProviderListing
from llmhub.records.secrets import Secrets

if TYPE_CHECKING:
    from llmhub.anyllm.clients import ClientPool

KEYLESS_SERVERS = ("cascadia", "llamacpp", "llamafile", "lmstudio", "ollama", "vllm")
"""Local servers: asked when someone names them, the environment has their address, or they run where they mostly do."""

_OUTCOMES: Mapping[type[errors.CallError], ListingOutcome] = {
    errors.MissingKeyError: "no_key",
    errors.MissingExtraError: "no_extra",
    errors.ClientError: "refused",  # a key that cannot even be sent
    errors.UnsupportedError: "unsupported",
    errors.AuthenticationError: "refused",
    errors.InsufficientFundsError: "refused",
}


def list_provider_models(
    environ: Mapping[str, str],
    providers: Iterable[str],
    timeout: float,
    configs: Mapping[str, ProviderConfig] | None = None,
) -> tuple[ProviderListing, ...]:
    """Ask every provider of *providers* for its models, all at once, each for at most *timeout* seconds.

    One `ProviderListing` per provider in the order given; what hinders one never hinders another. Providers without a
    key or their package are not contacted at all.
    """
    import asyncio

    return asyncio.run(_ask_all(environ, tuple(providers), timeout, configs or {}))


async def _ask_all(
    environ: Mapping[str, str], providers: tuple[str, ...], seconds: float, configs: Mapping[str, ProviderConfig]
) -> tuple[ProviderListing, ...]:
    import asyncio

    from llmhub.anyllm.clients import ClientPool

    pool = ClientPool()
    try:
        return tuple(
            await asyncio.gather(*(_ask(pool, environ, name, seconds, configs.get(name)) for name in providers))
        )
    finally:
        await pool.close_here(asyncio.get_running_loop())


async def _ask(
    pool: ClientPool, environ: Mapping[str, str], provider: str, seconds: float, config: ProviderConfig | None
) -> ProviderListing:
    import asyncio

    from llmhub.anyllm.clients import import_any_llm

    target: Endpoint | None = None
    try:
        target = endpoint(provider, config)
        key = target.key(environ)
        import_any_llm()  # before the clock starts: the first to be asked would pay for it with its patience
        async with asyncio.timeout(seconds):
            client = await pool.get(asyncio.get_running_loop(), target, key)
            models = await client.alist_models()
    except errors.ConfigError as fault:
        return ProviderListing(provider=provider, outcome="unsupported", detail=str(fault))
    except TimeoutError:
        return ProviderListing(provider=provider, outcome="unreachable", detail=f"no answer within {seconds:g} s")
    except Exception as fault:
        secrets = Secrets.of(environ) if target is None else target.secrets(environ)
        error = failures.translate(fault, provider, target.any_llm_provider if target else None, secrets)
        return ProviderListing(provider=provider, outcome=_outcome(error), detail=error.message)
    named: list[Any] = [model.id for model in models]  # the SDKs check no types
    # One with half a character names no model, and nobody could show it.
    ids = tuple(name for name in named if name and isinstance(name, str) and well_formed(name) == name)
    return ProviderListing(provider=provider, outcome="listed", detail=f"{len(ids)} models", models=ids)


def _outcome(error: errors.CallError) -> ListingOutcome:
    for kind in type(error).__mro__:
        if kind in _OUTCOMES:
            return _OUTCOMES[kind]
    return "unreachable"


def worth_asking(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Providers of any-llm that could answer from here: those with a key, and local servers given an address."""
    return tuple(
        name
        for name, facts in PROVIDERS.items()
        if any(environ.get(variable) for variable in (*facts.env_keys, TELLING_VARIABLES.get(name)) if variable)
    )


def running_servers(ports: Mapping[str, int] | None = None) -> tuple[str, ...]:
    """Local servers that listen on this machine where they do when nobody says otherwise."""
    return tuple(name for name, port in (OWN_PORTS if ports is None else ports).items() if _listens(port))


def _listens(port: int) -> bool:
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return True
    except OSError:
        return False


OWN_PORTS: Mapping[str, int] = {"lmstudio": 1234, "ollama": 11434}
"""Local servers whose default port is theirs alone. Those of the others (8000, 8080, 9090) are everybody's."""

TELLING_VARIABLES: Mapping[str, str] = {
    # For providers that need no key, the variable that tells that there is one, and where.
    "bedrock": "AWS_BEARER_TOKEN_BEDROCK",
    "cascadia": "CASCADIA_API_BASE",
    "llamacpp": "LLAMACPP_API_BASE",
    "llamafile": "LLAMAFILE_API_BASE",
    "lmstudio": "LM_STUDIO_API_BASE",
    "ollama": "OLLAMA_HOST",
    "vllm": "VLLM_API_BASE",
}
