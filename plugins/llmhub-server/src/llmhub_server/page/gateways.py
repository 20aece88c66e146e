"""Gateways that run elsewhere (`llmhub serve`), asked for their circuits as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen

from llmhub.errors import HubError

if TYPE_CHECKING:
    import httpx

    from llmhub.records.calls import CircuitState

KEY_VARIABLE = "LLMHUB_GATEWAY_KEY"
"""Where the key for gateways stands, unless another variable is named."""
PATIENCE = 5.0
"""Seconds for one look."""
MOST_BYTES = 8_000_000
"""No figures of a gateway are longer."""
FIGURE = "llmhub_circuit_state"
STATES: tuple[CircuitState, ...] = ("closed", "half_open", "open")
"""By the figure that stands for each."""


@frozen(kw_only=True)
class Gateway:
    """Where a gateway answers, without `/v1`, and the environment variable that holds a key for it."""

    address: str
    key_variable: str = KEY_VARIABLE

    @property
    def name(self) -> str:
        """The address, as short as it can be told apart."""
        return self.address.removeprefix("http://")


@frozen(kw_only=True)
class Reading:
    """The circuits of a gateway by `provider:model`, at one time; the worst of all its workers.

    `refusal` says why there are none, where it could not be asked.
    """

    gateway: Gateway
    at: datetime
    circuits: Mapping[str, CircuitState] = field(factory=dict)
    refusal: str = ""


def gateway_at(text: str, key_variable: str) -> Gateway:
    """The gateway that somebody named.

    Raises:
        ValueError: *text* is no address of one; says what is.
    """
    parts = urlsplit(text)
    try:
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(f"{text!r} is no address of a gateway: write it as http://10.0.0.5:8080")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"the address of a gateway takes no user, query or fragment; its key stands in {key_variable}")
    path = parts.path.rstrip("/").removesuffix("/v1")
    return Gateway(address=f"{parts.scheme}://{parts.netloc}{path}", key_variable=key_variable)


def read_circuits(gateway: Gateway, environ: Mapping[str, str]) -> Reading:
    """The circuits of *gateway* now. Takes up to some seconds; raises nothing for what a gateway or network does."""
    at = datetime.now(UTC)
    try:
        return Reading(gateway=gateway, at=at, circuits=_circuits(gateway, _figures(gateway, environ)))
    except HubError as error:
        return Reading(gateway=gateway, at=at, refusal=str(error))


def _figures(gateway: Gateway, environ: Mapping[str, str]) -> str:
    import httpx

    key = environ.get(gateway.key_variable, "").strip()
    headers = {"Accept": "text/plain", **({"Authorization": f"Bearer {key}"} if key else {})}
    try:
        # No redirect is followed: the key is for this address alone.
        with (
            httpx.Client(timeout=PATIENCE, headers=headers) as client,
            client.stream("GET", f"{gateway.address}/metrics") as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise HubError(_refusal(gateway, response.status_code, shown=bool(key)))
            return _text(gateway, response)
    except httpx.TimeoutException as error:
        raise HubError(f"{gateway.name} does not answer within {PATIENCE:g} seconds.") from error
    except (httpx.LocalProtocolError, UnicodeEncodeError):
        # Not with the cause: it may quote the header.
        raise HubError(f"{gateway.name} was not asked: what {gateway.key_variable} holds is no key.") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise HubError(f"{gateway.name} cannot be reached: is `llmhub serve` running there?") from error


def _text(gateway: Gateway, response: httpx.Response) -> str:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise HubError(_stranger(gateway))
    return body.decode("utf-8", "replace")


def _circuits(gateway: Gateway, text: str) -> dict[str, CircuitState]:
    from prometheus_client.parser import text_string_to_metric_families

    found: dict[str, CircuitState] = {}
    ours = False
    try:
        for family in text_string_to_metric_families(text):
            ours = ours or family.name == "llmhub_build_info"
            if family.name == FIGURE:
                for sample in family.samples:
                    target = f"{sample.labels['provider']}:{sample.labels['model']}"
                    found[target] = STATES[int(sample.value)]
    except (ValueError, KeyError, IndexError, OverflowError) as error:
        raise HubError(_stranger(gateway)) from error
    if not ours:
        raise HubError(_stranger(gateway))
    return found


def _refusal(gateway: Gateway, status: int, *, shown: bool) -> str:
    making = "`llmhub serve keys add page --allow metrics` over there makes one"
    if status == 401 and not shown:
        putting = f"put it into {gateway.key_variable}, in .env or the environment of `llmhub ui`"
        return f"{gateway.name} asks for a key: {making}; {putting}, and reload."
    if status == 401:
        return f"{gateway.name} does not take the key in {gateway.key_variable}: {making}."
    if status == 403 and shown:
        return f"{gateway.name} does not show its figures for the key in {gateway.key_variable}: {making} that may."
    return _stranger(gateway, f" (status {status})")


def _stranger(gateway: Gateway, detail: str = "") -> str:
    return f"{gateway.name} answers, but not as `llmhub serve` does{detail}: is it the right address?"
