"""The `anthropic` package: a message, a stream, tools, and an error."""

import json
import os

import anthropic

client = anthropic.Anthropic(base_url=os.environ["GATEWAY"], api_key=os.environ["GATEWAY_KEY"])
question = [{"role": "user", "content": "Hello there"}]
weather = {"name": "weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}

answer = client.messages.create(model="chat", max_tokens=100, messages=question)
with client.messages.stream(model="chat", max_tokens=100, messages=question) as stream:
    pieces = list(stream.text_stream)
    ending = stream.get_final_message()
called = client.messages.create(
    model="chat", max_tokens=100, messages=question, tools=[weather], tool_choice={"type": "any"}
)
try:
    client.messages.create(model="chatt", max_tokens=100, messages=question)
    error = None
except anthropic.APIStatusError as failure:
    error = {"class": type(failure).__name__, "status": failure.status_code, "message": failure.message}

print(
    json.dumps(
        {
            "chat": answer.content[0].text,
            "stream": "".join(pieces),
            "pieces": len(pieces),
            "stop": ending.stop_reason,
            "usage": answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0,
            "tool": [block.name for block in called.content if block.type == "tool_use"],
            "error": error,
        }
    )
)
