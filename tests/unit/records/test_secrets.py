"""What counts as a secret, and that no form of it is left in a text."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from llmhub.records.secrets import Secrets

KEYS = [
    "sk-proj-Zq7Wv3Kx9Tm2Rb8Nc4Jh6Pd5",
    "Uw/4+Lk?e=9&Vg#1:Xs@Bo;Ma,Dz",
    "Pc%41Qn%zzFt%20Ej%2FIrHm%",
    "Rd\"7Gk'2\\Wn5<Tb>{Yp}9\\\\Ls",
    "Ög-ñäß-Ключ-Ωmega-Żółw",
]
FORMS = {
    "as it is": str,
    "percent-encoded": lambda key: quote(key, safe=""),
    "percent-encoded but for slashes": quote,
    "in a form": quote_plus,
    "in JSON": lambda key: json.dumps(key)[1:-1],
    "in Python": lambda key: repr(key)[1:-1],
    "in ASCII": lambda key: ascii(key)[1:-1],
    "in HTML": html.escape,
    "as a password in base64": lambda key: base64.b64encode(f"user:{key}".encode()).decode(),
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_struck_in_whatever_form_it_is_quoted(key, form):
    struck = Secrets((key,)).struck(f"before {FORMS[form](key)} after")
    assert struck.startswith("before ")
    assert struck.endswith(" after")
    assert "[key]" in struck
    for start in range(len(FORMS[form](key)) - 9):
        assert FORMS[form](key)[start : start + 10] not in struck


@pytest.mark.parametrize("length", [10, 11, 15, 20, 31])
def test_a_piece_of_a_key_is_struck_wherever_the_text_was_cut(length):
    key = KEYS[0]
    for start in range(len(key) - length + 1):
        assert key[start : start + length] not in Secrets((key,)).struck(f"it is {key[start : start + length]}")


@pytest.mark.parametrize("text", ["", "Incorrect key: sk-proj-****Pd5", "the model gpt-4o of sk-projects", "[key]"])
def test_what_is_no_key_stays(text):
    secrets = Secrets(tuple(KEYS))
    assert secrets.struck(text) == text
    assert not secrets.told_in(text)


def test_secrets_are_found_by_the_names_of_variables_and_in_addresses():
    found = Secrets.of(
        {
            "OPENAI_API_KEY": "a-key-of-openai",
            "GITHUB_TOKEN": "a-token-of-github",
            "OFFICE": "asked-for-by-name",
            "PGPASSWORD": "not-a-word-by-itself",
            "DATABASE": "postgresql://user:p%40ssword-1@host/name",
            "MIRROR": "https://mirror.example/list?token=a-token-in-a-query&page=three-or-more",
            "MONKEY": "no-key-at-all",
            "KEYBOARD": "a-very-long-layout",
            "SSH_KEY_PATH": "/home/somebody/.ssh/id",
            "SHORT_KEY": "short",
            "PATH": "/usr/bin:/usr/local/bin",
        },
        named=("OFFICE",),
    )
    assert set(found.values) == {
        "a-key-of-openai",
        "a-token-of-github",
        "asked-for-by-name",
        "p%40ssword-1",
        "a-token-in-a-query",
    }
    assert "a-key-of-openai" not in repr(found)


def test_an_address_that_was_named_is_secret_with_its_path():
    secrets = Secrets.of({"HOOK": "https://hooks.example/services/T0/abcdefgh"}, named=("HOOK",))
    assert secrets.struck("no answer from /services/T0/abcdefgh") == "no answer from [key]"


def test_an_exception_tells_a_secret_through_whatever_it_came_from():
    secrets = Secrets((KEYS[0],))
    outer = RuntimeError("failed")
    outer.__cause__ = ValueError(KEYS[0])
    assert secrets.told_by(outer)
    assert secrets.told_by(ExceptionGroup("many", [outer]))
    assert secrets.told_by(UnicodeEncodeError("ascii", KEYS[0], 0, 1, "no"))
    assert not secrets.told_by(RuntimeError("failed"))
