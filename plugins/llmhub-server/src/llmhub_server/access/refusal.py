"""Why a request is turned away before any route sees it."""

from __future__ import annotations

from llmhub_server.access.permission import Permission
from llmhub_server.gateway.problem import Problem

_REQUEST, _PERMISSION, _SERVER = "invalid_request_error", "permission_error", "server_error"

NO_KEY = Problem(
    status=401,
    kind=_REQUEST,
    code="invalid_api_key",
    message="no valid access key: send one as `Authorization: Bearer ...` or as `x-api-key`.",
    hopeless=True,
)
FOREIGN_HOST = Problem(
    status=403,
    kind=_PERMISSION,
    code="foreign_host",
    message="without keys this server answers only as localhost or 127.0.0.1.",
    hopeless=True,
)
FOREIGN_SITE = Problem(
    status=403,
    kind=_PERMISSION,
    code="foreign_site",
    message="a web page of another site may not call this server; `--cors-origin` lets one.",
    hopeless=True,
)
BUSY = Problem(
    status=503,
    kind=_SERVER,
    code="overloaded",
    message="as many calls as this server bears are under way. Try again in a moment.",
    retry_after=1,
)
NO_ROOM = Problem(
    status=503,
    kind=_SERVER,
    code="overloaded",
    message="this server has no room for so large a body now. Try again in a moment.",
    retry_after=1,
)
ENDING = Problem(
    status=503,
    kind=_SERVER,
    code="server_ending",
    message="this server ends, and the call took longer than it waits. Try again.",
    retry_after=1,
)
SLOW_BODY = Problem(
    status=408, kind=_REQUEST, code="request_timeout", message="the body of the request did not arrive in time."
)


def not_allowed(permission: Permission) -> Problem:
    """The key holds, and does not allow what is asked for."""
    options = "--allow calls --role ROLE" if permission == "calls" else f"--allow {permission}"
    message = (
        f"this key does not allow {permission}. Whoever runs this server makes one that does with "
        f"`llmhub serve keys add NAME {options}`."
    )
    return Problem(status=403, kind=_PERMISSION, code="missing_permission", message=message, hopeless=True)


def too_large(most: int) -> Problem:
    """The body is longer than *most* bytes."""
    message = f"the body is larger than the {most} bytes that this gateway takes."
    return Problem(status=413, kind=_REQUEST, code="body_too_large", message=message, hopeless=True)
