"""Ask for a role, let a file say which model serves it.

    from llmhub import Hub

    hub = Hub()
    answer = hub.completion("llm.inference", [{"role": "user", "content": "Hello"}])

Every public name is resolved on first use (PEP 562), so that `import llmhub` costs next to nothing.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from llmhub import errors
    from llmhub.errors import HubError
    from llmhub.hookspecs import hookimpl
    from llmhub.hub import Hub
    from llmhub.records.calls import CallContext, CallResult
    from llmhub.records.config import HubConfig
    from llmhub.records.spec import HubSpec

__all__ = [
    "CallContext",
    "CallResult",
    "Hub",
    "HubConfig",
    "HubError",
    "HubSpec",
    "__version__",
    "errors",
    "hookimpl",
]

_HOME = {
    "CallContext": "llmhub.records.calls",
    "CallResult": "llmhub.records.calls",
    "Hub": "llmhub.hub",
    "HubConfig": "llmhub.records.config",
    "HubError": "llmhub.errors",
    "HubSpec": "llmhub.records.spec",
    "hookimpl": "llmhub.hookspecs",
}


def __getattr__(name: str) -> Any:
    import importlib

    if name == "errors":
        return importlib.import_module("llmhub.errors")
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'llmhub' has no attribute {name!r}") from None
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
