"""The `openai` package: chat, stream, tools, structured output, embeddings, responses, models, and an error."""

import json
import os

import openai

client = openai.OpenAI(base_url=f"{os.environ['GATEWAY']}/v1", api_key=os.environ["GATEWAY_KEY"])
question = [{"role": "user", "content": "Hello there"}]
weather = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}
shape = {
    "type": "json_schema",
    "json_schema": {
        "name": "city",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
            "additionalProperties": False,
        },
    },
}

raw = client.chat.completions.with_raw_response.create(model="chat", messages=question)
pieces, usage = [], None
for chunk in client.chat.completions.create(
    model="chat", messages=question, stream=True, stream_options={"include_usage": True}
):
    pieces += [choice.delta.content for choice in chunk.choices if choice.delta.content]
    usage = chunk.usage or usage
called = client.chat.completions.create(model="chat", messages=question, tools=[weather], tool_choice="required")
structured = client.chat.completions.create(model="chat", messages=question, response_format=shape)
events = [event.type for event in client.responses.create(model="chat", input="Hello there", stream=True)]
try:
    client.chat.completions.create(model="chatt", messages=question)
    error = None
except openai.APIStatusError as failure:
    error = {"class": type(failure).__name__, "status": failure.status_code, "message": failure.message}

print(
    json.dumps(
        {
            "chat": raw.parse().choices[0].message.content,
            "target": raw.headers["x-llmhub-target"],
            "stream": "".join(pieces),
            "pieces": len(pieces),
            "stream_usage": usage is not None and usage.total_tokens > 0,
            "tool": called.choices[0].message.tool_calls[0].function.name,
            "structured": list(json.loads(structured.choices[0].message.content)),
            "embedding": [len(one.embedding) for one in client.embeddings.create(model="embed", input=["a", "b"]).data],
            "responses": client.responses.create(model="chat", input="Hello there").output_text,
            "responses_stream": [events[0], events[-1]],
            "models": [model.id for model in client.models.list()],
            "error": error,
        }
    )
)
