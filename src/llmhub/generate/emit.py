"""A configuration as the text of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub.config.converter import unstructure
from llmhub.config.emit import dump_document
from llmhub.errors import InvalidFileError
from llmhub.generate.carry import carry
from llmhub.records.config import HubConfig

HEADER = "Made by `llmhub generate` from llmhub.spec.yaml. Choices belong there; keys that begin with x- stay here."


def render(config: HubConfig, *, present: str | None = None, file: str = "llmhub.yaml") -> str:
    """*config* as YAML, in a fixed order and without empty fields: the same values give the same bytes.

    From *present*, the text of the file it will replace (named *file* in errors), stays what no generator decides:
    `x-*` keys, time limits and retries of roles, `client_args` of providers, `selector` and `ledger`.

    Raises:
        InvalidFileError: *present* cannot be read, so what it holds would be lost.
    """
    document: Mapping[str, Any] = unstructure(config)
    if present is not None and present.strip():
        document = carry(document, _read(present, file))
    return dump_document(_ordered(document), header_comment=HEADER)


def _read(present: str, file: str) -> Mapping[str, Any]:
    from llmhub.config.yaml import read_document

    document = read_document(present, file)
    if document.problems:
        raise InvalidFileError(file, document.problems)
    values: Mapping[str, Any] = document.value
    return values


_FIRST = ("project", "env", "generated", "providers", "roles", "defaults")


def _ordered(document: Mapping[str, Any]) -> dict[str, Any]:
    first = {key: document[key] for key in _FIRST if key in document}
    return {**first, **{key: value for key, value in document.items() if key not in first}}
