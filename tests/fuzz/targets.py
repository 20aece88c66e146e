"""Every parser of outside data by name, as a function of bytes: what pytest and atheris both feed.

A target returns when the bytes were read or refused in words, and raises anything else for a fault. It may write into
its folder, which is its own and stays from input to input.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fuzz import answers, files, sources, stores

Target = Callable[[bytes, Path], None]

TARGETS: Mapping[str, Target] = {
    "spec": files.spec,
    "config": files.config,
    "measured": files.measured,
    "overrides": files.overrides,
    "editing": files.editing,
    "env_file": files.env_file,
    "models_dev": sources.models_dev,
    "lmarena": sources.lmarena,
    "hf_router": sources.hf_router,
    "hf_rows": sources.hf_rows,
    "genai_prices": sources.genai_prices,
    "building": sources.building,
    "kept_copy": sources.kept_copy,
    "catalog": stores.catalog,
    "shared_catalog": stores.shared_catalog,
    "ledger_file": stores.ledger_file,
    "ledger_rows": stores.ledger_rows,
    "budget_file": stores.budget_file,
    "cache_file": stores.cache_file,
    "cache_row": stores.cache_row,
    "llm_answer": stores.llm_answer,
    "distribution": stores.distribution,
    "retry_header": stores.retry_header,
    "answer": answers.answer,
}

CORPUS = Path(__file__).parent / "corpus"


def seeds(name: str) -> Mapping[str, bytes]:
    """The inputs to begin with, by name: those written by hand, what once broke something, and whole stores."""
    written = {file.name: file.read_bytes() for file in sorted((CORPUS / name).glob("*"))}
    return {**written, **stores.whole(name)}


@functools.cache
def words(name: str) -> tuple[bytes, ...]:
    """What to put into an input of this target: the odd values of its format."""
    return _SQLITE if name.endswith("_file") and name != "env_file" else (*_ODD, *_LINES)


_ODD = (
    *(b"NaN", b"Infinity", b"-Infinity", b"-1", b"-0", b"0", b"1e999", b"1e308", b"0.1", b"true", b"false", b"null"),
    b"1" + b"0" * 400,
    b"9223372036854775808",
    b"-" + b"9" * 30,
    *(b'""', b'"a"', b"{}", b"[]", b"[[]]", b'"\\ud800"', b'"\\u0000"', b'"\\u001b[2J"', b'"2026-99-99"', b'"NaN"'),
    b'{"a": 1, "a": 2}',
    b"[" * 120,
    b"[" * 20_000,
    b'{"a":' * 20_000,
)
_LINES = (
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\r\n", b"\r", b"\x85", b"\xe2\x80\xa8", b"\t", b"\xc3", b"\xed\xa0\x80"),
    *(
        b"&a ",
        b"*a",
        b"<<: ",
        b"!!python/object ",
        b"? ",
        b"- ",
        b"|\n",
        b">\n",
        b"---\n",
        b"...\n",
        b"#",
        b": ",
        b"${A}",
    ),
    *(b".nan", b"-.inf", b"0x10", b"0o17", b"1_000", b"yes", b"~", b"'", b'"', b"`", b"@", b"%", b"data: ", b"\n\n"),
    b"? " * 2_000,
    b"- " * 2_000,
    b"A=" + b"x" * 10_000,
)
_SQLITE = (b"\x00" * 16, b"\xff" * 8, b"SQLite format 3\x00", b"\x0d\x00", b"\x05", b"\x7f\xff\xff\xff", b"calls")
