"""Which roles a request may name as its model."""

from __future__ import annotations

from collections.abc import Mapping

from llmhub import Hub, errors
from llmhub.anyllm.endpoints import endpoint
from llmhub.calls.resolve import MODES_BY_METHOD
from llmhub.errors import nearest
from llmhub.records.calls import Method
from llmhub_server.access.principal import Principal
from llmhub_server.gateway.problem import Problem, ProblemError, invalid

ROUTES: Mapping[Method, str] = {
    "completion": "/v1/chat/completions",
    "responses": "/v1/responses",
    "messages": "/v1/messages",
    "embedding": "/v1/embeddings",
    "image": "/v1/images/generations",
    "speech": "/v1/audio/speech",
    "transcription": "/v1/audio/transcriptions",
    "rerank": "/v1/rerank",
    "moderation": "/v1/moderations",
}


def admit(principal: Principal, role: str) -> None:
    """Says the same whether there is such a role or not, so that a key tells nothing of the roles of others.

    Raises:
        ProblemError: whoever asks may not call *role*.
    """
    if not principal.may_use(role):
        message = f"this key may not use the model {role[:200]!r}. GET /v1/models lists those that it may use."
        raise ProblemError(
            Problem(
                status=403,
                kind="permission_error",
                code="role_not_allowed",
                message=message,
                param="model",
                hopeless=True,
            )
        )


def check(hub: Hub, role: str, method: Method, *, serve_defaults: bool) -> None:
    """Raises:
    ProblemError: the file has no such role, or one that another route serves.
    """
    try:
        resolved = hub.resolve(role)
    except errors.UnknownRoleError:
        raise unknown(hub, role) from None
    if resolved.from_defaults and not serve_defaults:
        raise unknown(hub, role)
    if resolved.mode not in MODES_BY_METHOD[method]:
        routes = " or ".join(f"POST {route}" for route in routes_of(resolved.mode))
        raise invalid(
            f"role {role!r} has mode {resolved.mode!r}: {routes} serves it.", param="model", code="wrong_mode"
        )


def speak_openai(hub: Hub, role: str) -> bool:
    """Whether every target of *role* is spoken to in OpenAI's dialect."""
    providers = hub.config.providers
    names = {target.provider for target in hub.resolve(role).targets}
    return all(endpoint(name, providers.get(name)).facts.wire == "openai" for name in names)


def routes_of(mode: str) -> tuple[str, ...]:
    """The routes that serve roles of *mode*."""
    return tuple(ROUTES[method] for method, modes in MODES_BY_METHOD.items() if mode in modes)


def unknown(hub: Hub, role: str) -> ProblemError:
    """That there is no such role, with the nearest there is."""
    close = nearest(role, tuple(hub.config.roles))
    hint = f" Did you mean {close!r}?" if close else ""
    message = (
        f"no model {role[:200]!r}: a model of this gateway is the name of a role.{hint} GET /v1/models lists them."
    )
    return ProblemError(
        Problem(
            status=404,
            kind="invalid_request_error",
            code="model_not_found",
            message=message,
            param="model",
            hopeless=True,
        )
    )
