"""Which environment is meant, and a spec as it reads in one of them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from llmhub.config.document import (
    Document,
    Entry,
    MappingNode,
    ScalarNode,
    SequenceNode,
    dereferenced,
    overlaid,
)
from llmhub.config.faults import Fault, shown
from llmhub.errors import ConfigError, nearest
from llmhub.records.problems import Problem

VARIABLE = "LLMHUB_ENV"
_KEY = "environments"
_UNSAID = "dev"


def asked_environment(explicit: str | None, environ: Mapping[str, str]) -> str | None:
    """The environment that is asked for: *explicit*, else `LLMHUB_ENV`, else none."""
    return explicit or environ.get(VARIABLE) or None


def own_environment(document: Document) -> str:
    """The environment a file says it is for."""
    entry = document.root.entries.get("env")
    value = dereferenced(entry.node) if entry else None
    return value.value if isinstance(value, ScalarNode) and isinstance(value.value, str) else _UNSAID


def in_environment(document: Document, name: str | None) -> Document:
    """The spec as it reads in environment *name* (its own when `None`): `environments.<name>` laid over the rest.

    Every value keeps its place in the file. Faults of the `environments` section are added to the problems.

    Raises:
        ConfigError: the spec knows no such environment.
    """
    own = own_environment(document)
    overlays = _overlays(document)
    if name is not None and name != own and name not in overlays:
        known = sorted({own, *overlays})
        close = nearest(name, known)
        hint = f" Did you mean {close!r}?" if close else ""
        raise ConfigError(f"{document.file}: no environment {name!r}.{hint} Known: {', '.join(known)}.")
    base = _without_environments(document.root)
    overlay = overlays.get(name or own)
    merged = dereferenced(overlaid(base, overlay)) if overlay else base
    assert isinstance(merged, MappingNode)
    if name is not None and name != own:
        place = document.key_place((_KEY, name))
        merged = evolve(merged, entries={**merged.entries, "env": Entry(place, 0, ScalarNode(place, 0, name))})
    return Document(file=document.file, root=merged, problems=(*document.problems, *_overlay_problems(document)))


def environment_names(document: Document) -> tuple[str, ...]:
    """Every environment a spec knows: its own first, then those under `environments` in the order of the file."""
    return tuple(dict.fromkeys([own_environment(document), *_overlays(document)]))


def _without_environments(root: MappingNode) -> MappingNode:
    return evolve(root, entries={key: entry for key, entry in root.entries.items() if key != _KEY})


def _overlays(document: Document) -> dict[str, MappingNode]:
    section = _section(document)
    if section is None:
        return {}
    overlays = {name: dereferenced(entry.node) for name, entry in section.entries.items() if name[:2] != "x-"}
    return {
        name: _without_environments(node if isinstance(node, MappingNode) else _nothing(node))
        for name, node in overlays.items()
    }


def _nothing(node: ScalarNode | SequenceNode) -> MappingNode:
    return MappingNode(node.place, node.end, flow=False)


def _overlay_problems(document: Document) -> list[Problem]:
    entry = document.root.entries.get(_KEY)
    if entry is None:
        return []
    node = dereferenced(entry.node)
    problems = []
    if not isinstance(node, MappingNode):
        if not (isinstance(node, ScalarNode) and node.value is None):
            problems.append(document.problem((_KEY,), Fault("not a mapping", expected="a mapping per environment")))
        return problems
    known = {(own := own_environment(document)).lower(): own}
    for name, inner in node.entries.items():
        if name.startswith("x-"):
            continue
        same = known.setdefault(name.lower(), name)
        if same != name:
            message = f"{name!r} and {same!r} would share a file, llmhub.{same}.yaml, where capitals do not count"
            problems.append(document.problem((_KEY, name), Fault(message, at_key=True)))
        overlay = dereferenced(inner.node)
        if isinstance(overlay, MappingNode):
            problems.extend(
                document.problem((_KEY, name, key), Fault(f"{key!r} cannot differ by environment", at_key=True))
                for key in ("env", _KEY)
                if key in overlay.entries
            )
        elif not isinstance(overlay, ScalarNode) or overlay.value is not None:
            found = shown(overlay.value) if isinstance(overlay, ScalarNode) else "a list"
            problems.append(document.problem((_KEY, name), Fault(f"found {found}", expected="a mapping")))
    return problems


def _section(document: Document) -> MappingNode | None:
    entry = document.root.entries.get(_KEY)
    node = dereferenced(entry.node) if entry else None
    return node if isinstance(node, MappingNode) else None
