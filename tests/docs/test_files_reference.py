"""docs/reference/files.md says what the JSON Schemas of the two files say.

`python tests/docs/test_files_reference.py` writes the page anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from llmhub.builtin.overrides.entries import ABILITIES, LIMITS, PRICES, TIERS
from llmhub.config.schema import config_schema, spec_schema

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "files.md"

BEGINNING = """\
# The files

*Generated from the JSON Schemas of the files, which `llmhub schema spec` and `llmhub schema config` print.*

Unknown keys are errors, except below `params`, `mode_params`, `client_args`, and for keys that begin with `x-`. A key
with nothing behind it says nothing, as if it were not there.
"""
MEASURED = """\
## llmhub.measured.yaml

How fast models answered this project. `llmhub generate --measure` writes it from the ledger; every `llmhub generate`
reads it where it lies beside the spec. Keep it under version control, or delete it to go back to estimates.

| key | meaning |
|---|---|
| `until`, `days` | the last day that was looked at, and how many |
| `latency.<model>.seconds` | for an answer of 256 tokens; for an embedding, of a call |
| `latency.<model>.calls` | how many calls say so |
"""

OVERRIDES = """\
## llmhub.overrides.yaml

What you know better than the sources, beside spec or configuration. `overrides.yaml` among your settings says the same
for all projects; on Linux that is `~/.config/llmhub/overrides.yaml`.
[What it is for](../explanation/linking.md#what-you-know-better).

| key | takes |
|---|---|
| `models.<provider:model>.facts` | what takes the place of what sources say, as below |
| `models.<provider:model>.pin` | `true` keeps a model that no source lists, such as one of your own server |
| `models.<provider:model>.hide` | `true` leaves it out |
| `models.<provider:model>.alias` | a leaderboard's name for it, or a list of them |
"""


def overrides_facts() -> Iterator[str]:
    yield "| key of `facts` | takes |"
    yield "|---|---|"
    yield f"| `price` | US dollars per million tokens: {_named(PRICES)}; `input` and `output` are required |"
    yield f"| {_named(LIMITS)} | a whole number of tokens |"
    yield f"| {_named(TIERS)} | 1 (best, or cheapest) to 5 |"
    yield f"| {_named(ABILITIES)} | `true`, `false` |"
    yield ""


def _named(keys: Sequence[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


Schema = Mapping[str, Any]


def written() -> str:
    """The page."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield BEGINNING
    for title, schema in (("llmhub.spec.yaml", spec_schema(())), ("llmhub.yaml", config_schema(()))):
        yield f"## {title}"
        yield ""
        yield from _keys(schema)
        told: dict[str, str] = {}
        for path, inner in _sections(schema, "", schema["$defs"], ()):
            yield f"### `{path}`"
            yield ""
            if (before := told.setdefault(inner["description"], path)) != path:
                yield f"As under `{before}`."
                yield ""
                continue
            yield inner["description"]
            yield ""
            yield from _keys(inner)
    yield OVERRIDES
    yield from overrides_facts()
    yield MEASURED


def _sections(schema: Schema, at: str, known: Schema, above: tuple[str, ...]) -> Iterator[tuple[str, Schema]]:
    """Each mapping with keys of its own below *schema*, with where it stands: `roles.<name>.retry`."""
    for key, value in schema["properties"].items():
        name, suffix = _referred(value)
        if name is None or name in above or key == "environments":
            continue
        # `defaults` of llmhub.yaml is a role like any other, told of once.
        if at == "" and key == "defaults" and name == "RoleConfig":
            continue
        path = f"{at}{key}{suffix}"
        yield path, known[name]
        yield from _sections(known[name], f"{path}.", known, (*above, name))


def _referred(value: Schema) -> tuple[str | None, str]:
    """The name of the record behind a key, and how the path goes on to it."""
    if "$ref" in value:
        return value["$ref"].rpartition("/")[2], ""
    for step, suffix in (("additionalProperties", ".<name>"), ("items", "[]")):
        if isinstance(value.get(step), Mapping) and "$ref" in value[step]:
            return _referred(value[step])[0], suffix
    for choice in value.get("anyOf", ()):
        found = _referred(choice)
        if found[0]:
            return found
    return None, ""


def _keys(schema: Schema) -> Iterator[str]:
    yield "| key | takes | unless said | meaning |"
    yield "|---|---|---|---|"
    for key, value in schema["properties"].items():
        required = key in schema.get("required", ())
        default = value.get("default")
        unless = "*required*" if required else f"`{_plain(default)}`" if default not in (None, "") else ""
        yield f"| `{key}` | {_takes(value)} | {unless} | {value['description']} |"
    yield ""


def _takes(value: Schema) -> str:
    if "enum" in value:
        return ", ".join(f"`{choice}`" for choice in value["enum"] if choice is not None)
    name, suffix = _referred(value)
    if name:
        return {"": "a mapping", ".<name>": "a mapping by name", "[]": "a list of mappings"}[suffix]
    kinds = value.get("type", ())
    stated = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
    if stated == ["array"]:
        return f"a list: {_takes(value['items'])}" if "enum" in value["items"] else f"a list of {_plural(value)}"
    if stated == ["object"]:
        inner = value.get("additionalProperties")
        return f"{_plural({'items': inner})} by name" if isinstance(inner, Mapping) and "type" in inner else "a mapping"
    limits = [
        f"{sign} {_plain(value[limit])}"
        for limit, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
        if limit in value
    ]
    words = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "`true`, `false`"}
    return " ".join([words[stated[0]], *limits])


def _plural(value: Schema) -> str:
    kinds = value["items"]["type"]
    kind = kinds if isinstance(kinds, str) else next(kind for kind in kinds if kind != "null")
    return {"string": "texts", "number": "numbers", "object": "mappings"}[kind]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_the_page_says_what_the_schemas_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), f"if this is meant: python {__file__}"


def test_every_record_of_the_files_is_told_of() -> None:
    page = written()
    for schema in (spec_schema(()), config_schema(())):
        for name, record in schema["$defs"].items():
            assert name.endswith("Overlay") or record["description"] in page, name


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
