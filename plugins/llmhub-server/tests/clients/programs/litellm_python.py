"""LiteLLM as a client: chat, stream, tools, embeddings, and an error."""

import json
import os

import litellm

where = {"api_base": f"{os.environ['GATEWAY']}/v1", "api_key": os.environ["GATEWAY_KEY"]}
question = [{"role": "user", "content": "Hello there"}]
weather = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}

pieces = [
    chunk.choices[0].delta.content
    for chunk in litellm.completion(model="openai/chat", messages=question, stream=True, **where)
    if chunk.choices[0].delta.content
]
called = litellm.completion(model="openai/chat", messages=question, tools=[weather], tool_choice="required", **where)
embedded = litellm.embedding(model="openai/embed", input=["a", "b"], **where)
try:
    litellm.completion(model="openai/chatt", messages=question, **where)
    error = None
except litellm.NotFoundError as failure:
    error = {"class": type(failure).__name__, "status": failure.status_code, "message": failure.message}

print(
    json.dumps(
        {
            "chat": litellm.completion(model="openai/chat", messages=question, **where).choices[0].message.content,
            "stream": "".join(pieces),
            "pieces": len(pieces),
            "tool": called.choices[0].message.tool_calls[0].function.name,
            "embedding": [len(one["embedding"]) for one in embedded.data],
            "error": error,
        }
    )
)
