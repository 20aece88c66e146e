"""The selector `variants`: shares a role's calls among its variants by weight, and keeps each caller at one."""

from __future__ import annotations

from llmhub import hookimpl
from llmhub.builtin.variants.assignment import assign
from llmhub.records.contributions import Selector


@hookimpl
def llmhub_selectors() -> list[Selector]:
    return [Selector(name="variants", order=assign)]
