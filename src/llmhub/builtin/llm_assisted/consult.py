"""Asks a model about roles: what it has answered before is not asked again, and what goes wrong is told, not raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from llmhub.builtin.llm_assisted.adviser import ROLE, Adviser
from llmhub.builtin.llm_assisted.answer import Advice, RefusedAnswerError, advice_from, one_line
from llmhub.builtin.llm_assisted.cache import AnswerCache
from llmhub.builtin.llm_assisted.question import Question
from llmhub.errors import (
    AllTargetsFailed,
    ContentFilterError,
    ContextLengthError,
    InvalidRequestError,
    UnsupportedError,
)
from llmhub.records.selection import Assistance

if TYPE_CHECKING:
    from llmhub import Hub

SIDE_BY_SIDE = 4
"""Questions under way at once: few enough for the rate limits of a new account."""

_ABOUT_ONE_QUESTION = (ContentFilterError, ContextLengthError)
"""Failures that say nothing of how the next question will fare."""


@frozen
class Consultation:
    """Advice by role, and what to tell the user about the other roles."""

    advice: Mapping[str, Advice]
    warnings: tuple[str, ...] = ()


def consult(adviser: Adviser, questions: Sequence[Question], assistance: Assistance) -> Consultation:
    """What *adviser* has to say on each of *questions*."""
    cache = AnswerCache(assistance.cache_dir)
    advice: dict[str, Advice] = {}
    for question in questions:
        kept = cache.get(question.key(adviser.name))
        if kept is not None:
            try:
                advice[question.role] = advice_from(kept, question)
            except RefusedAnswerError:
                continue
    pending = [question for question in questions if question.role not in advice]
    if not pending:
        return Consultation(advice)
    if adviser.obstacle:
        return Consultation(advice, _told(adviser, {question.role: adviser.obstacle for question in pending}))
    return _heard(adviser, pending, advice, cache)


def _heard(
    adviser: Adviser, pending: Sequence[Question], advice: dict[str, Advice], cache: AnswerCache
) -> Consultation:
    import asyncio

    failures: dict[str, str] = {}
    warnings: list[str] = []
    answers = asyncio.run(_ask_all(adviser, pending))
    for question in pending:
        answer = answers[question.role]
        if isinstance(answer, Exception):
            failures[question.role] = _reason(answer)
            continue
        try:
            advice[question.role] = advice_from(answer, question)
        except RefusedAnswerError as refusal:
            failures[question.role] = f"its answer is refused: {refusal}"
            continue
        try:
            cache.put(question.key(adviser.name), adviser.name, answer)
        except OSError as error:
            warnings = [f"answers of {adviser.name} could not be kept, so a rerun asks again: {error.strerror}"]
    return Consultation(advice, (*_told(adviser, failures), *warnings))


async def _ask_all(adviser: Adviser, questions: Sequence[Question]) -> dict[str, str | Exception]:
    """Every answer, or why there is none, by role.

    The first question goes alone: when the provider is down or the key is wrong, the others are spared.
    """
    import asyncio

    from llmhub import Hub

    first, *others = questions
    limit = asyncio.Semaphore(SIDE_BY_SIDE)
    async with Hub(config=adviser.config) as hub:
        answers = {first.role: await _ask(hub, first, limit)}
        failure = answers[first.role]
        if isinstance(failure, Exception) and not isinstance(failure, _ABOUT_ONE_QUESTION):
            return {**answers, **{question.role: failure for question in others}}
        found = await asyncio.gather(*(_ask(hub, question, limit) for question in others))
    return {**answers, **{question.role: answer for question, answer in zip(others, found, strict=True)}}


async def _ask(hub: Hub, question: Question, limit: Any) -> str | Exception:
    form = {"name": "advice", "strict": True, "schema": question.schema}
    try:
        async with limit:
            try:
                answer = await hub.acompletion(
                    ROLE, question.messages, response_format={"type": "json_schema", "json_schema": form}
                )
            except _ABOUT_ONE_QUESTION:
                raise
            except (InvalidRequestError, UnsupportedError):
                # Some providers take no schema, some models no limit on their output: the rules ask for JSON anyway.
                answer = await hub.acompletion(ROLE, question.messages, params_override={"max_tokens": None})
            return str(answer.choices[0].message.content or "")
    except Exception as error:  # whatever a provider or its SDK comes up with, the role has a choice without it
        return error


def _reason(error: Exception) -> str:
    name, said = type(error).__name__, getattr(error, "message", None) or str(error)
    if isinstance(error, AllTargetsFailed) and error.attempts:
        last = error.attempts[-1]
        name, said = last.error_class or name, last.message
    return f"{name}: {one_line(said)}"[:_LONGEST_REASON]


_LONGEST_REASON = 300


def _told(adviser: Adviser, failures: Mapping[str, str]) -> tuple[str, ...]:
    """One warning per reason, with all the roles it holds for."""
    roles_by_reason: dict[str, list[str]] = {}
    for role, reason in failures.items():
        roles_by_reason.setdefault(reason, []).append(role)
    return tuple(
        f"role{'s' if len(roles) > 1 else ''} {', '.join(map(repr, roles))}: no advice from {adviser.name} "
        f"({reason}), so the heuristic chose alone"
        for reason, roles in roles_by_reason.items()
    )
