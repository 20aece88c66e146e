"""Answers by the question that brought them, so that the same question has the same answer when it is asked again."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

FOLDER = "llm-answers"


class AnswerCache:
    """A folder with one file per answer; without a folder it holds nothing.

    A file that cannot be read, or is not one of ours, counts as absent: the question is then asked again.
    """

    def __init__(self, cache_dir: Path | None) -> None:
        self._folder = cache_dir / FOLDER if cache_dir else None

    def get(self, key: str) -> str | None:
        if self._folder is None:
            return None
        try:
            document = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        text = document.get("answer") if isinstance(document, dict) else None
        return text if isinstance(text, str) else None

    def put(self, key: str, model: str, answer: str) -> None:
        """Keep *answer*, whole or not at all.

        Raises:
            OSError: the folder cannot be made, or is full or protected.
        """
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{key}.{os.urandom(6).hex()}.tmp"
        try:
            draft.write_text(json.dumps({"model": model, "answer": answer}), encoding="ascii")
            draft.replace(self._folder / f"{key}.json")
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
