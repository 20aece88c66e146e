"""Keys and passwords, found in an environment and struck out of texts, in whatever form they are quoted there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from attrs import field, frozen

STRUCK = "[key]"
"""What stands where a secret stood."""

SHORTEST = 8
"""Striking "x" or "test" out of a message would garble it and protect nothing."""

_PIECE = 10
"""So many characters in a row are a part of the secret, as a text has it that was cut off."""

_STEP = 5
"""Any run of `_PIECE` characters but one holds a whole step of the secret: so few searches tell that there is none."""

_NAME = re.compile(r"(^|_)(API_?)?(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)$", re.I)
_PARAMETER = re.compile(r"(^|[-_.])(api[-_]?)?(key|token|secret|password|sig|signature|auth|code)$", re.I)


def _longest_first(values: Collection[str]) -> tuple[str, ...]:
    worth = {value for value in values if len(value) >= SHORTEST and not value.isspace()}
    return tuple(sorted(worth, key=lambda value: (-len(value), value)))


@frozen
class Secrets:
    """What must never be told. Two or more may overlap; the longest is struck first."""

    values: tuple[str, ...] = field(default=(), repr=False, converter=_longest_first)

    @classmethod
    def of(cls, environ: Mapping[str, str], named: Collection[str] = ()) -> Secrets:
        """The secrets in *environ*: the variables in *named*, those whose name says key, token, secret or password,
        and the passwords in all that are addresses."""
        return cls(tuple(_found(environ, named)))

    def struck(self, text: str) -> str:
        """*text* with `[key]` in place of every secret, and of every long piece of one.

        >>> Secrets(("sk-1234567890",)).struck("refused sk-1234567890, that is sk-12345678...")
        'refused [key], that is [key]...'
        """
        if not any(map(text.__contains__, _steps(self.values))):
            return text  # nearly always: the many forms need not be looked for
        forms = [form for value in self.values for form in _forms(value)]
        # Whole ones first: two secrets may have a piece in common.
        for form in forms:
            text = text.replace(form, STRUCK)
        for form in forms:
            text = _without_pieces(text, form)
        return text

    def told_in(self, text: str) -> bool:
        """Whether any of them stands in *text*, or a long piece of one."""
        return self.struck(text) != text

    def told_by(self, fault: BaseException) -> bool:
        """Whether an exception, or one that it came from, shows any of them: in its words or in what it holds."""
        return any(self.told_in("\n".join(_shown(link))) for link in _chain(fault))


def _found(environ: Mapping[str, str], named: Collection[str]) -> Iterator[str]:
    for name, value in environ.items():
        if len(value) < SHORTEST:
            continue
        asked_for = name in named
        if asked_for or _is_of_a_secret(name):
            yield value
        if "://" in value:
            yield from _inside(value, whole_path=asked_for)


@lru_cache(maxsize=1024)
def _is_of_a_secret(name: str) -> bool:
    return _NAME.search(name) is not None


def _inside(address: str, *, whole_path: bool) -> Iterator[str]:
    """What is secret in an address: a password, what a query calls a key, and the path where the address itself is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    user, at, _ = parts.netloc.rpartition("@")
    if at:
        yield user.partition(":")[2]
    for name, value in parse_qsl(parts.query):
        if whole_path or _PARAMETER.search(name):
            yield value
    if whole_path:
        yield parts.path
        yield f"{parts.path}?{parts.query}"


@lru_cache(maxsize=256)
def _forms(value: str) -> tuple[str, ...]:
    """How a program may write *value*: as it is, percent-encoded, in JSON, Python or HTML, in base64, decoded."""
    import base64
    import html
    import json

    written = {
        value,
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        unquote(value),
        html.escape(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        ascii(value)[1:-1],
    }
    for before in range(3):
        # Base64 looks otherwise by what stands before: nought, one or two bytes past a multiple of three.
        encoded = base64.b64encode(b"0" * before + value.encode("utf-8", "surrogateescape")).decode()
        inner = encoded[4 if before else 0 :].rstrip("=")
        written |= {inner[:-1], inner[:-1].replace("+", "-").replace("/", "_")}
    return tuple(sorted((form for form in written if len(form) >= SHORTEST), key=lambda form: (-len(form), form)))


@lru_cache(maxsize=64)
def _steps(values: tuple[str, ...]) -> frozenset[str]:
    """What stands in every text that holds a form of *values*, or a piece of one."""
    forms = [form for value in values for form in _forms(value)]
    return frozenset(form[start : start + _STEP] for form in forms for start in range(0, len(form) - _STEP + 1, _STEP))


def _without_pieces(text: str, form: str) -> str:
    if len(form) <= _PIECE:
        return text
    for start in range(0, len(form) - _STEP + 1, _STEP):
        step, at = form[start : start + _STEP], 0
        while (at := text.find(step, at)) >= 0:
            begin, end = _run(text, at, form, start)
            if end - begin >= _PIECE:
                text = f"{text[:begin]}{STRUCK}{text[end:]}"
                at = begin + len(STRUCK)
            else:
                at += 1
    return text


def _run(text: str, at: int, form: str, start: int) -> tuple[int, int]:
    """How far *text* and *form* agree around the places where the one has a step of the other."""
    back = 0
    while back < min(at, start) and text[at - back - 1] == form[start - back - 1]:
        back += 1
    length = 0
    while at + length < len(text) and start + length < len(form) and text[at + length] == form[start + length]:
        length += 1
    return at - back, at + length


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    waiting, seen = [fault], set[int]()
    while waiting:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__, *getattr(link, "exceptions", ())]
        # any-llm keeps what the SDK below it raised under this name.
        original = getattr(link, "original_exception", None)
        waiting.append(original if isinstance(original, BaseException) else None)


def _shown(fault: BaseException) -> Iterator[str]:
    yield str(fault)
    yield repr(fault)
    yield repr(fault.args)
    yield repr(vars(fault))
    # Not among the arguments: the text that an encoder or a parser choked on.
    yield from (str(text) for name in ("object", "doc") if (text := getattr(fault, name, None)) is not None)
