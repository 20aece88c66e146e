"""The public names are promises to applications: a change to one is a visible line in public_api.txt.

`python tests/architecture/test_public_api.py` writes the file anew.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import llmhub

SNAPSHOT = Path(__file__).with_name("public_api.txt")


def written() -> str:
    """Every public name; of a class its bases, how it is made, and its public methods and properties."""
    return "\n".join(line for name in sorted(llmhub.__all__) for line in _told(name, getattr(llmhub, name))) + "\n"


def _told(name: str, value: object) -> Iterator[str]:
    if isinstance(value, ModuleType):
        for member, inner in sorted(vars(value).items()):
            if not member.startswith("_") and getattr(inner, "__module__", "").startswith(value.__name__):
                yield from _told(f"{name}.{member}", inner)
    elif inspect.isclass(value):
        yield f"class {name}({', '.join(base.__name__ for base in value.__bases__)})"
        for member, inner in sorted(vars(value).items()):
            yield from _member(f"{name}.{member}", member, inner)
    elif callable(value) and inspect.isfunction(value):
        yield f"{name}{inspect.signature(value)}"
    else:
        yield f"{name}: {type(value).__name__}"


def _member(path: str, member: str, value: object) -> Iterator[str]:
    if member.startswith("_") and member not in ("__init__", "__enter__", "__aenter__", "__getitem__"):
        return
    if isinstance(value, property):
        yield f"  {path}: property"
    elif isinstance(value, staticmethod | classmethod):
        yield f"  {path}{inspect.signature(value.__func__)}"
    elif inspect.isfunction(value):
        yield f"  {'async ' if inspect.iscoroutinefunction(value) else ''}{path}{inspect.signature(value)}"
    elif inspect.ismemberdescriptor(value):
        yield f"  {path}: attribute"


def test_no_public_name_changes_unnoticed() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == written(), f"if this is meant: python {__file__}"


@pytest.mark.parametrize("name", llmhub.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    value = getattr(llmhub, name)
    assert isinstance(value, str) or (value.__doc__ or "").strip()
    assert name in dir(llmhub)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'llmhub' has no attribute 'Hubb'"):
        llmhub.Hubb  # noqa: B018


if __name__ == "__main__":
    SNAPSHOT.write_text(written(), encoding="utf-8")
