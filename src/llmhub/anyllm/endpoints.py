"""How one provider is reached: which any-llm class, at which address, with the key from which variable."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen

from llmhub.anyllm.providers import PROVIDERS, ProviderFacts
from llmhub.errors import ClientError, ConfigError, MissingKeyError
from llmhub.records.config import ProviderConfig
from llmhub.records.secrets import Secrets

__all__ = ["endpoint"]

NO_KEY = "no-key-required"
"""Sent to endpoints that want no key. Without it any-llm would look into OPENAI_COMPATIBLE_API_KEY and send whatever
it finds there to whatever address stands in the file."""


@frozen(kw_only=True, eq=False)
class Endpoint:
    """One address to call. `provider` is the name the user gave it, `any_llm_provider` the class that speaks to it;
    `None` there means a plain OpenAI-compatible endpoint."""

    provider: str
    any_llm_provider: str | None
    api_base: str | None = None
    env_keys: tuple[str, ...] = ()
    client_args: Mapping[str, Any] = field(factory=dict, repr=False)

    @property
    def facts(self) -> ProviderFacts:
        return PROVIDERS[self.any_llm_provider] if self.any_llm_provider else ProviderFacts()

    @cached_property
    def takes_a_client(self) -> bool:
        """Whether its SDK calls through an HTTP client of ours, which tells when an answer arrives."""
        return self.facts.wire != "own" and not self.facts.two_clients and "http_client" not in self.client_args

    def key(self, environ: Mapping[str, str]) -> str | None:
        """The key to send, or `None` when the provider finds its credentials by itself.

        Raises:
            MissingKeyError: a key is needed and none of its variables holds one.
            ClientError: what one holds cannot be sent: no header takes it, and its error would quote it.
        """
        for variable in self.env_keys:
            if value := environ.get(variable):
                if not (value.isascii() and value.isprintable()):
                    raise ClientError(
                        f"{variable} holds characters that no key has (not shown), such as a line break or an accented "
                        f"letter: set it anew, as {self.provider} gave it to you",
                        provider=self.provider,
                    )
                return value
        if self.env_keys:
            names = " or ".join(self.env_keys)
            raise MissingKeyError(
                f"{names} is not set: export it, or write it into .env beside the file", provider=self.provider
            )
        return NO_KEY if self.any_llm_provider is None else None

    def secrets(self, environ: Mapping[str, str]) -> Secrets:
        """What must not stand in any text about a call: the key, and whatever else *environ* keeps secret."""
        return Secrets.of(environ, self.env_keys)

    def constructor_arguments(self, environ: Mapping[str, str]) -> dict[str, Any]:
        """`api_base` and client arguments in the form in which this provider's class honours them."""
        arguments = dict(self.client_args)
        facts = self.facts
        if facts.base_argument is None:
            arguments["api_base"] = self.api_base
            return arguments
        base = self.api_base or (environ.get(facts.base_variable) if facts.base_variable else None)
        if not base:
            return arguments
        if facts.base_argument == "api_host":
            return {**_grpc_address(base), **arguments}
        return {**arguments, facts.base_argument: base}


def endpoint(name: str, config: ProviderConfig | None) -> Endpoint:
    """The endpoint that *name* stands for, given what the file says of it.

    Raises:
        ConfigError: the name is unknown to any-llm and the file gives no `api_base`.
    """
    config = config or ProviderConfig()
    known = _any_llm_provider(name, config)
    if known is None and not config.api_base:
        raise ConfigError(
            f"provider {name!r} is not one any-llm knows, so it needs `api_base` (an OpenAI-compatible address)"
        )
    default_keys = PROVIDERS[known].env_keys if known else ()
    # A named endpoint never gets the key that belongs to a provider's public host, unless the file says so.
    if known is not None and name not in PROVIDERS:
        default_keys = ()
    return Endpoint(
        provider=name,
        any_llm_provider=known,
        api_base=config.api_base,
        env_keys=(config.env_key,) if config.env_key else default_keys,
        client_args=dict(config.client_args),
    )


def fingerprint(secret: str | None) -> int:
    """Tells two keys apart within this process, without holding either: Python's own hash of text, keyed at random."""
    return hash(secret)


def _grpc_address(base: str) -> dict[str, Any]:
    """An address as gRPC wants it: a host without scheme or path, and in words whether it is encrypted."""
    address = urlsplit(base if "//" in base else f"//{base}")
    return {"api_host": address.netloc, "use_insecure_channel": address.scheme == "http"}


def _any_llm_provider(name: str, config: ProviderConfig) -> str | None:
    if config.type in (None, ""):
        return name if name in PROVIDERS else None
    # A plain OpenAI-compatible endpoint must not pose as OpenAI itself.
    if config.type == "openai" and name != "openai":
        return None
    return config.type
