"""A provider to test against, without keys, network or money.

    from llmhub.testing import ProviderServer

    with ProviderServer() as server:
        server.script("gpt-4o-mini", ["500", "429-2", "ok"])
        client = openai.OpenAI(base_url=server.openai_base, api_key="any")

It is a real HTTP server on 127.0.0.1 that speaks the dialects of OpenAI and Anthropic, answers every request in a way
that follows from the request alone, and fails when told to: `llmhub.testing.faults` lists the faults. As a fixture of
pytest, wherever LLM Hub is installed: `provider_server`. As a process: `python -m llmhub.testing.server`.

For authors of plugins, `llmhub.testing.contracts` holds a contract class for each kind, and `pytest_plugin` says which
other fixtures there are.

`pytest --ter` writes a test execution report: `execution_report` says what is in one.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.testing.counters import Counts, RecordedRequest
    from llmhub.testing.faults import OK, Fault, Script
    from llmhub.testing.server import ProviderServer

__all__ = ["OK", "Counts", "Fault", "ProviderServer", "RecordedRequest", "Script"]

_HOME = {
    "OK": "llmhub.testing.faults",
    "Counts": "llmhub.testing.counters",
    "Fault": "llmhub.testing.faults",
    "ProviderServer": "llmhub.testing.server",
    "RecordedRequest": "llmhub.testing.counters",
    "Script": "llmhub.testing.faults",
}


def __getattr__(name: str) -> Any:
    import importlib

    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'llmhub.testing' has no attribute {name!r}") from None
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
