"""Bodies that are forms, with files in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub_server.gateway.problem import invalid

MOST_FIELDS = 100
"""Several times what any route takes."""


def parse(body: bytes, headers: Mapping[bytes, bytes]) -> dict[str, Any]:
    """The document that a `multipart/form-data` body is: texts, a file's content as bytes with its `filename` beside
    it, and a list for a name that ends in `[]`.

    Raises:
        ProblemError: it is no such form.
    """
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import create_form_parser

    kind = headers.get(b"content-type", b"").decode("latin-1")
    if not kind.lower().startswith("multipart/form-data"):
        message = f"the body must be a form, multipart/form-data, and is {kind[:80] or 'of no known type'}."
        raise invalid(message, param="content-type", code="invalid_form")
    fields: list[Any] = []
    files: list[Any] = []

    def take_field(field: Any) -> None:
        if len(fields) == MOST_FIELDS:
            raise invalid(f"the form has more than {MOST_FIELDS} fields.", code="too_many")
        fields.append(field)

    try:
        parser = create_form_parser(
            {"Content-Type": kind.encode("latin-1")},
            take_field,
            files.append,
            config={"MAX_MEMORY_FILE_SIZE": len(body) + 1},
        )
        parser.write(body)
        parser.finalize()
        return _document(fields, files)
    except (FormParserError, UnicodeDecodeError) as fault:
        raise invalid(f"the body is no form that can be read: {fault}.", code="invalid_form") from None


def _document(fields: list[Any], files: list[Any]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for field in fields:
        name, value = (field.field_name or b"").decode(), (field.value or b"").decode()
        if name.endswith("[]"):
            document.setdefault(name[:-2], []).append(value)
        else:
            document[name] = value
    for file in files:
        document[(file.field_name or b"").decode()] = _content(file)
        if file.file_name:
            document["filename"] = _plain_name(file.file_name.decode())
    return document


def _content(file: Any) -> bytes:
    file.file_object.seek(0)
    content: bytes = file.file_object.read()
    file.close()
    return content


def _plain_name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
