"""Lets a model read what each role is for and refine the default generator's choice: the generator `llm`.

The default generator rules out and ranks; `question` puts a role and its shortlist before a model, as data; `adviser`
says which model that is; `consult` asks it, or finds what it answered before in `cache`; `answer` believes only what
passes every check; `advise` turns that into the spec the default generator decides once more. Whatever fails on the
way, the default generator's choice stands, with a warning.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.contributions import Generator
from llmhub.records.selection import GenerateRequest, Generation


@hookimpl
def llmhub_generators() -> Sequence[Generator]:
    return [Generator(name="llm", generate=_generate)]


def _generate(request: GenerateRequest) -> Generation:
    from llmhub.builtin.llm_assisted.generator import generate

    return generate(request)
