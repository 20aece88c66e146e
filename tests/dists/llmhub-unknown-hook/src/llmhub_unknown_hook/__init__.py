"""Its hook would never be called: it is `llmhub_before_call` that exists."""

from llmhub import hookimpl
from llmhub.records.calls import CallContext


@hookimpl
def llmhub_before_calls(call: CallContext) -> None:
    call.params["misspelt"] = True
