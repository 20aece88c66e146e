"""A project on this machine, for programs that are built around LLM Hub: servers, pages, commands of plugins.

`workspace` opens what belongs to it: spec, configuration, catalog, ledger, budgets. `proposal` is what `llmhub
generate` would write for it; `spec_text` what an editor of the spec holds; `need` a role that somebody states
without a file.

>>> from llmhub.workspace import Workspace
>>> workspace = Workspace(Path("my-app"), env="prod")  # doctest: +SKIP
>>> workspace.propose().generation.config.roles["llm.inference"].model  # doctest: +SKIP
'claude-sonnet-4-5'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.workspace.proposal import Proposal
    from llmhub.workspace.workspace import Workspace

__all__ = ["Proposal", "Workspace"]

_HOME = {"Proposal": "llmhub.workspace.proposal", "Workspace": "llmhub.workspace.workspace"}


def __getattr__(name: str) -> Any:
    import importlib

    if name not in _HOME:
        raise AttributeError(f"module 'llmhub.workspace' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
