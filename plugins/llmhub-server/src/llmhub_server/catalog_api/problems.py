"""What is wrong with a request, all of it at once (RFC 9457: `application/problem+json`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import field, frozen

MEDIA_TYPE = "application/problem+json"


@frozen(kw_only=True)
class FieldProblem:
    """One fault of one place. `parameter` is that of the query; or `pointer` (RFC 6901) leads to it in the body."""

    detail: str
    parameter: str | None = None
    pointer: str | None = None
    expected: str | None = None
    suggestion: str | None = None


@frozen(kw_only=True)
class RefusedError(Exception):
    """A request that cannot be answered as it was made."""

    status: int
    title: str
    detail: str = ""
    problems: tuple[FieldProblem, ...] = ()
    nearest: tuple[str, ...] = field(default=())


def body_of(refusal: RefusedError) -> dict[str, Any]:
    """The problem as plain values; `detail` tells all of it in words, for whoever shows nothing else."""
    said = refusal.detail or " ".join(map(_sentence, refusal.problems))
    return {
        "type": "about:blank",
        "title": refusal.title,
        "status": refusal.status,
        "detail": said,
        **({"nearest": list(refusal.nearest)} if refusal.nearest else {}),
        **({"errors": [_plain(one) for one in refusal.problems]} if refusal.problems else {}),
    }


def refuse_all(problems: Sequence[FieldProblem], title: str) -> None:
    """Raises one refusal of all *problems*, if there are any.

    Raises:
        RefusedError: 400.
    """
    if problems:
        raise RefusedError(status=400, title=title, problems=tuple(problems))


def pointer(path: Sequence[str | int]) -> str:
    """*path* as a JSON pointer.

    >>> pointer(("preferences", "needs", 0)), pointer(("a/b",)), pointer(())
    ('/preferences/needs/0', '/a~1b', '')
    """
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _plain(problem: FieldProblem) -> dict[str, Any]:
    names = ("pointer", "parameter", "detail", "expected", "suggestion")
    return {name: value for name in names if (value := getattr(problem, name)) is not None}


def _sentence(problem: FieldProblem) -> str:
    place = problem.parameter if problem.parameter is not None else problem.pointer
    expected = f"; expected {problem.expected}" if problem.expected else ""
    meant = f" Did you mean {problem.suggestion!r}?" if problem.suggestion else ""
    return f"{place or 'the body'}: {problem.detail}{expected}.{meant}"
