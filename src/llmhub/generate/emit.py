"""A configuration as the text of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from llmhub.config.converter import unstructure
from llmhub.config.emit import dump_document
from llmhub.config.faults import Path
from llmhub.config.schema import editor_line
from llmhub.generate.carry import carry
from llmhub.generate.comments import Comments, comments_in, with_comments
from llmhub.generate.decided import ROLE_KEYS, TOP_KEYS, content_hash, is_pinned
from llmhub.generate.present import PresentFile, read_present
from llmhub.records.config import HubConfig

HEADER = f"""\
{editor_line("config")}
Made by `llmhub generate` from llmhub.spec.yaml, where choices belong. What you add here stays when it is made again:
comments, keys that begin with x-, time limits and the like, and every role that says `pinned: true`."""

SECTION_COMMENTS: Mapping[Path, str] = {
    ("generated",): "What it was made from. `llmhub generate --check` tells whether it would come out the same now.",
    ("providers",): "How to reach them. No key stands here: `env_key` names the variable that holds it.",
    ("roles",): "What the code asks for by name, and who answers. `llmhub why ROLE` tells more than `reason` does.",
}

_OURS = frozenset(f"# {line}" for text in (HEADER, *SECTION_COMMENTS.values()) for line in text.splitlines())
"""Lines of comment that are written anew each time. A later version that words them otherwise adds to these."""


def render(config: HubConfig, *, present: str | None = None, file: str = "llmhub.yaml") -> str:
    """*config* as YAML, in a fixed order and without empty fields: the same values give the same bytes.

    From *present*, the text of the file it will replace (named *file* in errors), stays what no generator decides:
    comments, `x-*` keys, the policy of roles and providers (time limits, retries, ...), and pinned roles.

    Raises:
        InvalidFileError: *present* cannot be read, so what it holds would be lost.
    """
    return render_over(config, read_present(present, file))


def render_over(config: HubConfig, present: PresentFile | None) -> str:
    """`render` over a file that was read already."""
    document: Mapping[str, Any] = unstructure(config)
    if present is not None:
        document = carry(document, present.values)
    return render_values(document, present)


def render_values(values: Mapping[str, Any], present: PresentFile | None) -> str:
    """The plain values of a configuration as YAML, with the comments of *present*."""
    text = dump_document(_ordered(values), header_comment=HEADER, comments=SECTION_COMMENTS)
    comments = comments_in(present.text, present.document, without=_OURS) if present else Comments()
    if not comments:
        return text
    from llmhub.config.yaml import read_document

    return with_comments(text, read_document(text, present.file if present else ""), comments)


def stamped(config: HubConfig) -> HubConfig:
    """*config* with the hash of what it decides."""
    if config.generated is None:
        return config
    return evolve(config, generated=evolve(config.generated, content=content_hash(unstructure(config))))


def _ordered(document: Mapping[str, Any]) -> dict[str, Any]:
    ordered = _first(TOP_KEYS, document)
    if isinstance(ordered.get("roles"), Mapping):
        ordered["roles"] = {
            name: _first(ROLE_KEYS, role) if isinstance(role, Mapping) and not is_pinned(role) else role
            for name, role in ordered["roles"].items()
        }
    return ordered


def _first(keys: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    first = {key: values[key] for key in keys if key in values}
    return {**first, **{key: value for key, value in values.items() if key not in first}}
