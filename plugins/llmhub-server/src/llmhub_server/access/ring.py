"""The keys as a running server knows them: in memory, and looked up again when their file has changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from llmhub_server.access.key import AccessKey
from llmhub_server.access.principal import ANYBODY, Principal
from llmhub_server.access.store import AccessError, KeyStore
from llmhub_server.access.token import NOTHING, matches, parts_of

_BEARER = "bearer "


class KeyRing:
    """Tells who asks. Without any key, and unless *always*, anybody may.

    A server that ever needed keys needs them until it ends: revoking the last key closes a server, and never opens it.

    Raises:
        AccessError: the keys cannot be read.
    """

    def __init__(self, store: KeyStore, *, always: bool = False, now: Callable[[], float] = time.time) -> None:
        self._store, self._now = store, now
        self._trouble = ""
        self.required = always
        self._mark = store.change_mark()
        self._take(store.keys())

    @property
    def outdated(self) -> bool:
        """Whether the file has changed since it was read; costs microseconds."""
        return self._store.change_mark() != self._mark

    def refresh(self) -> bool:
        """Read the keys again if their file has changed; whether it had. What cannot be read changes nothing, and is
        tried again with the next refresh."""
        mark = self._store.change_mark()
        if mark == self._mark:
            return False
        try:
            keys = self._store.keys()
        except AccessError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                logging.getLogger("llmhub.server").error("the access keys stay as they were: %s", error)
            return False
        self._mark, self._trouble = mark, ""
        self._take(keys)
        return True

    def principal(self, headers: Mapping[bytes, bytes]) -> Principal | None:
        """Whose request has these *headers*; `None`: somebody without a key that holds.

        The key stands in `Authorization: Bearer` or in `x-api-key`.
        """
        if not self.required:
            return ANYBODY
        key_id, secret = parts_of(_token(headers))
        key, principal = self._known.get(key_id, (None, None))
        right = matches(secret, NOTHING if key is None else key.digest)
        if not right or key is None or key.state(self._now()) != "active":
            return None
        return principal

    def _take(self, keys: tuple[AccessKey, ...]) -> None:
        self.keys = keys
        # In one assignment: requests are answered while another thread reads keys.
        self._known = {key.key_id: (key, key.principal) for key in keys}
        self.required = self.required or any(key.revoked_at is None for key in keys)


def _token(headers: Mapping[bytes, bytes]) -> str:
    stated = headers.get(b"authorization", b"").decode("latin-1")
    if stated[: len(_BEARER)].lower() == _BEARER:
        return stated[len(_BEARER) :].strip()
    return headers.get(b"x-api-key", b"").decode("latin-1").strip()
