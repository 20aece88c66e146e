"""docs/reference/python.md lists every public name, and every public name says what it is and of which types.

`python tests/docs/test_python_reference.py` writes the page anew; the site fills it from the docstrings.
"""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"

MODULES = {
    "llmhub": "What an application imports.",
    "llmhub.catalog": "All known models, for programs that look at them.",
    "llmhub.workspace": "A project on this machine, for servers and tools around it.",
    "llmhub.host": "Plugins, for tests that bring their own.",
    "llmhub.testing": "A provider to test against, for applications and plugins.",
    "llmhub.testing.contracts": "What a plugin of each kind is held to; subclass, give the one fixture, run.",
}
"""The modules whose `__all__` is a promise. Errors and hooks have pages of their own."""

AROUND = (
    "llmhub.anyllm.clients",
    "llmhub.anyllm.endpoints",
    "llmhub.anyllm.providers",
    "llmhub.calls.resolve",
    "llmhub.catalog.alternatives",
    "llmhub.catalog.availability",
    "llmhub.catalog.credit",
    "llmhub.catalog.diff",
    "llmhub.catalog.explain",
    "llmhub.catalog.export",
    "llmhub.catalog.generations",
    "llmhub.catalog.lifecycle",
    "llmhub.catalog.near_names",
    "llmhub.catalog.origin",
    "llmhub.catalog.sharing",
    "llmhub.catalog.store",
    "llmhub.catalog.stored_models",
    "llmhub.cli.render",
    "llmhub.cli.session",
    "llmhub.cli.verdicts",
    "llmhub.config.edit",
    "llmhub.config.env_file",
    "llmhub.config.faults",
    "llmhub.config.keys",
    "llmhub.config.paths",
    "llmhub.config.schema",
    "llmhub.generate.changes",
    "llmhub.generate.diff",
    "llmhub.generate.effects",
    "llmhub.generate.write",
    "llmhub.spend.arms",
    "llmhub.spend.bound",
    "llmhub.spend.comparison",
    "llmhub.spend.forecast",
    "llmhub.spend.latest",
    "llmhub.spend.price",
    "llmhub.spend.pricing",
    "llmhub.spend.sightings",
    "llmhub.workspace.need",
    "llmhub.workspace.proposal",
    "llmhub.workspace.spec_text",
    "llmhub.workspace.spending",
)
"""Those that servers, pages and commands of plugins are built from; each says in its first line what it is about."""

BEGINNING = """\
# Python

*Generated: the names from each module's `__all__`, the rest from docstrings and annotations.* Errors are on
[their own page](errors.md), and so are [hooks](hooks.md) with the records that plugins give and take. A name that is
not here or there may change without notice.
"""


def written() -> str:
    """The page."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield BEGINNING
    for module, about in [*MODULES.items(), *((module, _first_line(module)) for module in AROUND)]:
        yield f"## {module}"
        yield ""
        yield about
        yield ""
        for name in _names(module):
            yield f"::: {_home(module, name)}"
            if module == "llmhub.testing.contracts":
                # The tests of a contract are told of in its docstring; their code says the rest.
                yield "    options: {members: false}"
            yield ""
            yield from _more(getattr(importlib.import_module(module), name))


def _more(value: object) -> Iterator[str]:
    """What a class has that its source does not show in one piece: its fields, and methods written elsewhere."""
    if not inspect.isclass(value):
        return
    public = [field for field in attrs.fields(value) if not field.name.startswith("_")] if attrs.has(value) else []
    if public:
        yield f"Fields of `{value.__name__}`:"
        yield ""
        yield "| field | type | unless given |"
        yield "|---|---|---|"
        stated = inspect.get_annotations(value)
        for field in public:
            kind = str(stated.get(field.name, field.type)).replace("|", "\\|")
            yield f"| `{field.name}` | `{kind}` | {_default(field.default)} |"
        yield ""
    for member, inner in vars(value).items():
        written_elsewhere = inspect.isfunction(inner) and inner.__module__ != value.__module__
        if written_elsewhere and not member.startswith("_") and inner.__module__.startswith("llmhub"):
            yield f"::: {inner.__module__}.{inner.__name__}"
            yield "    options: {heading_level: 4}"
            yield ""


def _default(default: object) -> str:
    if default is attrs.NOTHING:
        return "required"
    factory = getattr(default, "factory", None)
    return f"`{default!r}`" if factory is None else f"`{getattr(factory, '__name__', 'made')}()`"


def _first_line(module: str) -> str:
    told = inspect.getdoc(importlib.import_module(module)) or ""
    return " ".join(told.partition("\n\n")[0].split())


def _names(module: str) -> list[str]:
    """Public names that have something to tell here: errors and constants are told of elsewhere."""
    loaded = importlib.import_module(module)
    return [name for name in loaded.__all__ if callable(getattr(loaded, name)) and not name.endswith("Error")]


def _home(module: str, name: str) -> str:
    """Where a name is defined: that is where its docstring can be read without running anything."""
    value = getattr(importlib.import_module(module), name)
    home = getattr(value, "__module__", module)
    return f"{home if home.startswith('llmhub') else 'llmhub.hookspecs'}.{name}"


PUBLIC = [
    (module, name)
    for module in (*MODULES, *AROUND, "llmhub.errors")
    for name in importlib.import_module(module).__all__
]


def undocumented(module: str, name: str) -> Iterator[str]:
    """What a public name leaves unsaid: a missing docstring, or a parameter, field or result without a type."""
    value = getattr(importlib.import_module(module), name)
    if inspect.isclass(value):
        if not (vars(value).get("__doc__") or "").strip():
            yield f"{name}: no docstring"
        if attrs.has(value):
            yield from (f"{name}.{field.name}: no type" for field in attrs.fields(value) if field.type is None)
        for member, inner in vars(value).items():
            function = _function(inner)
            # A test of a contract says what it tests in its name.
            if function is not None and not member.startswith(("_", "test_")):
                yield from _silent(f"{name}.{member}", function)
    elif inspect.isfunction(value):
        yield from _silent(name, value)


def _function(member: object) -> object | None:
    if isinstance(member, property):
        return member.fget
    if isinstance(member, functools.cached_property):
        return member.func
    if isinstance(member, staticmethod | classmethod):
        return member.__func__
    return member if inspect.isfunction(member) else None


def _silent(name: str, function: object) -> Iterator[str]:
    if not (getattr(function, "__doc__", None) or "").strip():
        yield f"{name}: no docstring"
    signature = inspect.signature(function)  # type: ignore[arg-type]
    if signature.return_annotation is signature.empty:
        yield f"{name}: no type of what it returns"
    for parameter in signature.parameters.values():
        if parameter.annotation is parameter.empty and parameter.name not in ("self", "cls"):
            yield f"{name}({parameter.name}): no type"


def test_the_page_has_every_public_name() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), f"if this is meant: python {__file__}"


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_a_public_name_is_documented_with_types(module: str, name: str) -> None:
    assert list(undocumented(module, name)) == []


def test_what_is_left_unsaid_is_found() -> None:
    class Silent:
        def speak(self, word):
            return word

    assert list(_silent("Silent.speak", Silent.speak)) == [
        "Silent.speak: no docstring",
        "Silent.speak: no type of what it returns",
        "Silent.speak(word): no type",
    ]


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
