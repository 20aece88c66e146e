"""Clients that nobody here wrote call roles by name: chat, stream, tools, embeddings, and an error each.

What they print of it is compared; the programs that they run lie in `programs/`.
"""

from __future__ import annotations

import pytest

ANSWER = "hello there"
DIMENSIONS = 1536
TOOL = {"anthropic": ["weather"], "llm": "The tool said: sunny"}
"""What a client tells of a called tool, where it is not its name: llm runs it and asks again."""

CLIENTS = {
    "openai for Python": ("openai_python.py", "LLMHUB_CLIENT_OPENAI"),
    "openai for Node": ("openai_node.mjs", "LLMHUB_CLIENT_NODE"),
    "anthropic": ("anthropic_python.py", "LLMHUB_CLIENT_ANTHROPIC"),
    "LangChain": ("langchain_python.py", "LLMHUB_CLIENT_LANGCHAIN"),
    "LiteLLM": ("litellm_python.py", "LLMHUB_CLIENT_LITELLM"),
    "llm": ("llm_python.py", "LLMHUB_CLIENT_LLM"),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_chats_streams_calls_tools_embeds_and_meets_an_error(client, run):
    found = run(*CLIENTS[client])
    assert ANSWER in found["chat"].lower()
    assert found["stream"] == found["chat"]
    assert found.get("pieces", 2) > 1, "a stream comes in pieces"
    assert found["tool"] == TOOL.get(client, "weather")
    if client != "anthropic":
        assert set(found["embedding"]) == {DIMENSIONS}
    assert "chatt" in found["error"]["message"]
    assert "chat" in found["error"]["message"].replace("chatt", "")
    if client != "llm":  # it tells failures by its exit code
        assert found["error"]["class"].endswith("NotFoundError")
        assert found["error"]["status"] == 404


def test_openai_for_python_has_structured_output_responses_models_and_the_headers(run):
    found = run(*CLIENTS["openai for Python"])
    assert found["target"] == "loopback:gpt-4o-mini"
    assert found["stream_usage"]
    assert found["structured"] == ["name"]
    assert ANSWER in found["responses"].lower()
    assert found["responses_stream"] == ["response.created", "response.completed"]
    assert {"chat", "embed"} <= set(found["models"])


def test_anthropic_is_told_why_the_answer_ended_and_what_it_used(run):
    found = run(*CLIENTS["anthropic"])
    assert (found["stop"], found["usage"]) == ("end_turn", True)
