"""Questions and answers in the form the conventions give them: JSON of messages with parts. Only on request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def question(payload: Any) -> str | None:
    """What was asked, as the value of `gen_ai.input.messages`; `None` where it is no conversation.

    >>> question([{"role": "user", "content": "Hello"}])
    '[{"role": "user", "parts": [{"type": "text", "content": "Hello"}]}]'
    """
    if isinstance(payload, str):
        payload = [{"role": "user", "content": payload}]
    if not isinstance(payload, Sequence) or not all(_of(message, "role") for message in payload):
        return None
    return _written([{"role": str(_of(message, "role")), "parts": _parts(message)} for message in payload])


def answer(response: Any) -> str | None:
    """What came back, as the value of `gen_ai.output.messages`; `None` for an answer that is no message."""
    choices = getattr(response, "choices", None)
    if choices:
        return _written(
            [
                {
                    "role": "assistant",
                    "parts": _parts(getattr(choice, "message", None)),
                    "finish_reason": getattr(choice, "finish_reason", None) or "",
                }
                for choice in choices
            ]
        )
    text = getattr(response, "output_text", None)
    parts = (
        [{"type": "text", "content": text}] if isinstance(text, str) else _content(getattr(response, "content", None))
    )
    return _written([{"role": "assistant", "parts": parts, "finish_reason": ""}]) if parts else None


def _parts(message: Any) -> list[dict[str, Any]]:
    if _of(message, "role") == "tool":
        return [{"type": "tool_call_response", "id": _of(message, "tool_call_id"), "response": _of(message, "content")}]
    parts = _content(_of(message, "content"))
    for call in _of(message, "tool_calls") or ():
        function = _of(call, "function")
        parts.append(
            {
                "type": "tool_call",
                "id": _of(call, "id"),
                "name": _of(function, "name"),
                "arguments": _of(function, "arguments"),
            }
        )
    return parts


def _content(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "content": content}]
    if not isinstance(content, Sequence):
        return []
    # Pictures, sound and files are named, not carried: they would make a span of megabytes.
    return [
        {"type": "text", "content": _of(part, "text")} if _of(part, "text") else {"type": str(_of(part, "type"))}
        for part in content
    ]


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _written(messages: list[dict[str, Any]]) -> str:
    return json.dumps(messages, ensure_ascii=False, default=str)
