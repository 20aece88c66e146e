"""What the holder of a key sends: `llmhub_<id>_<secret>`.

The secret is 32 random bytes, so nobody can try them all, and one pass of SHA-256 keeps it: the slow hashes made for
passwords guard against guessing what people think up, would cost every request tens of milliseconds, and give whoever
floods a server with wrong keys its processor. The id is no secret. It finds the row, so that only one digest is ever
compared, in constant time; where there is no such row a digest that nothing matches is compared in its place, so that
an unknown id takes the very same path as a wrong secret.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

PREFIX = "llmhub"
NOTHING = bytes(32)
"""Stands for the digest of a key that there is not: nobody knows a text with this SHA-256."""

_LONGEST = 200


def new_token() -> tuple[str, str, bytes]:
    """A fresh key as it is shown once, its id, and the digest to keep."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return f"{PREFIX}_{key_id}_{secret}", key_id, digest_of(secret)


def parts_of(token: str) -> tuple[str, str]:
    """The id and the secret of *token*; two empty texts where it is nothing of ours.

    >>> parts_of("llmhub_0a1b_s_3")
    ('0a1b', 's_3')
    >>> parts_of("sk-something")
    ('', '')
    """
    prefix, _, rest = token[:_LONGEST].partition("_")
    key_id, _, secret = rest.partition("_")
    return (key_id, secret) if prefix == PREFIX else ("", "")


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def matches(secret: str, digest: bytes) -> bool:
    """Whether *secret* is the one that *digest* is of. Takes as long whether it is or not."""
    return hmac.compare_digest(digest_of(secret), digest)
