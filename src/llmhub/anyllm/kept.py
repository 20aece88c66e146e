"""any-llm's answers as text and back, so that they can be kept."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

_HOMES = ("any_llm.", "openai.", "anthropic.", "openresponses_types.")
"""Where the classes of answers come from: a class named in a file is imported from nowhere else."""


def written(answer: Any) -> str | None:
    """*answer* as text; `None` for what is not one of any-llm's own objects, or not the same when it comes back."""
    cls = type(answer)
    if not cls.__module__.startswith(_HOMES) or "[" in cls.__qualname__ or not hasattr(answer, "model_dump_json"):
        return None
    text = json.dumps([cls.__module__, cls.__qualname__, answer.model_dump_json()])
    return text if restored(text) == answer else None


def restored(text: str) -> Any:
    """The answer that `written` turned to text; `None` where it is damaged, or its class has another shape by now."""
    try:
        module, name, document = json.loads(text)
        if not module.startswith(_HOMES):
            return None
        cls = getattr(import_module(module), name)
        return cls.model_validate_json(document)
    except (ImportError, AttributeError, ValueError, TypeError, RecursionError):
        return None
