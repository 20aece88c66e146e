"""The `llmhub.yaml` that is there already: its text, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from llmhub.errors import InvalidFileError

if TYPE_CHECKING:
    from llmhub.config.document import Document


@frozen(kw_only=True)
class PresentFile:
    """A file as it stands. `values` are plain and unchecked: it may have faults that a new generation mends."""

    file: str
    text: str = field(repr=False)
    document: Document = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)

    @property
    def stamps(self) -> Mapping[str, Any]:
        """What the file says it was generated from; empty when it does not say."""
        generated = self.values.get("generated")
        return generated if isinstance(generated, Mapping) else {}


def read_present(text: str | None, file: str) -> PresentFile | None:
    """What *text*, that of the file named *file*, says; `None` when there is no text.

    Raises:
        InvalidFileError: it cannot be read, so what it holds would be lost.
    """
    from llmhub.config.yaml import read_document

    # Git may check files out with the line ends of Windows, which says nothing about their content.
    text = (text or "").removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        return None
    document = read_document(text, file)
    if document.problems:
        raise InvalidFileError(file, document.problems)
    return PresentFile(file=file, text=text, document=document, values=document.value)
