"""Chooses models by rule: facts, prices and ratings against what each role wants. The default generator.

The pipeline, each step pure: `need` makes a role's preferences precise; `appraise` judges every model once (with
`purpose`, `lines`, `position`, `quality`, `latency`); `filter` drops what cannot serve, with reasons; `score` ranks the
rest; `relax` says what to do when nothing is left; `forced` obeys `force_model`; `select` takes the first and its
fallbacks; `params` and `explain` finish the role; `generator` does all that for every role.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.contributions import Generator
from llmhub.records.selection import GenerateRequest, Generation


@hookimpl
def llmhub_generators() -> Sequence[Generator]:
    return [Generator(name="heuristic", generate=_generate)]


def _generate(request: GenerateRequest) -> Generation:
    from llmhub.builtin.heuristic.generator import generate

    return generate(request)
