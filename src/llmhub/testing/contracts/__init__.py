"""What each kind of plugin promises, as tests: subclass the contract, give the one fixture it asks for, run pytest.

    import pytest
    from llmhub.testing.contracts import ScorerContract

    import llmhub_scorer_mine


    class TestMyScorer(ScorerContract):
        @pytest.fixture
        def scorer(self):
            (scorer,) = llmhub_scorer_mine.llmhub_scorers()
            return scorer

| contract | its fixture | what may be overridden |
|---|---|---|
| `CatalogSourceContract` | `source` | `environ`, `providers`, `config_dir` |
| `TierDeriverContract` | `deriver` | `models`, `statistics` |
| `GeneratorContract` | `generator` | `spec`, `models` |
| `ScorerContract` | `scorer` | `models` |
| `SelectorContract` | `selector` | `targets` |
| `LedgerContract` | `ledger` | `context` |
| `CallHookContract` | `plugin`: the module or object with the hooks | |
| `CommandContract` | `command` | |
| `CheckContract` | `check` | `context` |

The built-in plugins pass the same classes.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.testing.contracts.call_hook import CallHookContract
    from llmhub.testing.contracts.catalog_source import CatalogSourceContract
    from llmhub.testing.contracts.check import CheckContract
    from llmhub.testing.contracts.command import CommandContract
    from llmhub.testing.contracts.generator import GeneratorContract
    from llmhub.testing.contracts.scorer import ScorerContract
    from llmhub.testing.contracts.selector import SelectorContract
    from llmhub.testing.contracts.tier_deriver import TierDeriverContract
    from llmhub.testing.ledger_contract import LedgerContract

__all__ = [
    "CallHookContract",
    "CatalogSourceContract",
    "CheckContract",
    "CommandContract",
    "GeneratorContract",
    "LedgerContract",
    "ScorerContract",
    "SelectorContract",
    "TierDeriverContract",
]

_HOME = {
    "CallHookContract": "llmhub.testing.contracts.call_hook",
    "CatalogSourceContract": "llmhub.testing.contracts.catalog_source",
    "CheckContract": "llmhub.testing.contracts.check",
    "CommandContract": "llmhub.testing.contracts.command",
    "GeneratorContract": "llmhub.testing.contracts.generator",
    "LedgerContract": "llmhub.testing.ledger_contract",
    "ScorerContract": "llmhub.testing.contracts.scorer",
    "SelectorContract": "llmhub.testing.contracts.selector",
    "TierDeriverContract": "llmhub.testing.contracts.tier_deriver",
}


def __getattr__(name: str) -> Any:
    import importlib

    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'llmhub.testing.contracts' has no attribute {name!r}") from None
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
