"""What keys look like, and how they are recognised."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from llmhub_server.access.expiry import expiry
from llmhub_server.access.principal import Principal
from llmhub_server.access.token import NOTHING, digest_of, matches, new_token, parts_of


def test_a_key_carries_256_random_bits_and_its_id() -> None:
    token, key_id, digest = new_token()
    prefix, found, secret = token.split("_", 2)
    assert (prefix, found) == ("llmhub", key_id)
    assert len(secret) == 43
    assert digest == hashlib.sha256(secret.encode()).digest()
    assert parts_of(token) == (key_id, secret)
    assert len({new_token()[0] for _ in range(1000)}) == 1000


@pytest.mark.parametrize("token", ["", "llmhub", "llmhub_", "llmhub__", "sk-abc_def_ghi", "LLMHUB_a_b", "_a_b"])
def test_what_is_no_key_matches_nothing(token: str) -> None:
    _, secret = parts_of(token)
    assert not matches(secret, NOTHING)


def test_a_key_of_any_length_or_alphabet_is_read_without_a_fault() -> None:
    assert not matches(parts_of("llmhub_" + "x" * 10_000_000)[1], NOTHING)
    assert not matches(parts_of("llmhub_a_\udcff\x00é")[1], NOTHING)


def test_only_the_secret_itself_matches_its_digest() -> None:
    assert matches("right", digest_of("right"))
    assert not matches("right ", digest_of("right"))


@pytest.mark.parametrize(
    ("roles", "role", "allowed"),
    [
        (("llm.*",), "llm.inference", True),
        (("llm.*",), "llm", False),
        (("llm.*",), "admin.llm.x", False),
        (("chat", "embed"), "embed", True),
        (("chat",), "Chat", False),
        (("*",), "anything", True),
        ((), "chat", False),
    ],
)
def test_roles_are_names_or_globs(roles: tuple[str, ...], role: str, allowed: bool) -> None:
    assert Principal(roles=roles).may_use(role) is allowed


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90m", "2026-03-01T13:30:00+00:00"),
        ("12h", "2026-03-02T00:00:00+00:00"),
        ("2w", "2026-03-15T12:00:00+00:00"),
        ("2026-03-02", "2026-03-02T00:00:00+00:00"),
        ("2026-03-02T10:00:00+02:00", "2026-03-02T08:00:00+00:00"),
    ],
)
def test_an_expiry_is_a_span_or_a_date(text: str, moment: str) -> None:
    assert expiry(text, NOW).isoformat() == moment


@pytest.mark.parametrize("text", ["", "soon", "30", "-3d", "0d", "2026-02-01", "99999999999d", "2026-13-01"])
def test_an_expiry_that_is_over_or_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither a span|over already"):
        expiry(text, NOW)
