"""The default generator's choice, refined by what a model makes of each role's description."""

from __future__ import annotations

from attrs import evolve

from llmhub.builtin.llm_assisted.advise import advise
from llmhub.builtin.llm_assisted.adviser import adviser_for
from llmhub.builtin.llm_assisted.consult import consult
from llmhub.builtin.llm_assisted.question import questions_for
from llmhub.errors import UnknownContributionError
from llmhub.records.selection import GenerateRequest, Generation


def generate(request: GenerateRequest) -> Generation:
    """A configuration for all roles of the spec.

    Raises:
        UnknownContributionError: there is no default generator to build upon.
        SelectionError: roles that the default generator finds no model for; no model is asked then.
    """
    if request.base is None:
        raise UnknownContributionError("generator", "heuristic", ["llm"])
    plain = request.base(request)
    questions = questions_for(request.spec, plain)
    if request.assistance is None or not questions:
        return plain
    adviser = adviser_for(request, plain, request.assistance)
    if adviser is None:
        warning = "no chat role to ask, so the heuristic chose alone: name a model with --llm-model PROVIDER:MODEL"
        return evolve(plain, warnings=(*plain.warnings, warning))
    consultation = consult(adviser, questions, request.assistance)
    advised = advise(request, request.base, plain, consultation.advice, adviser.name)
    return evolve(advised, warnings=(*advised.warnings, *consultation.warnings))
