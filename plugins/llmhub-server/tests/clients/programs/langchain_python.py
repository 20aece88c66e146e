"""LangChain's ChatOpenAI and OpenAIEmbeddings: chat, stream, tools, structured output, embeddings, and an error."""

import json
import os

import openai
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

where = {"base_url": f"{os.environ['GATEWAY']}/v1", "api_key": os.environ["GATEWAY_KEY"]}
model = ChatOpenAI(model="chat", **where)
weather = {
    "title": "weather",
    "description": "The weather in a city.",
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}

pieces = [piece.content for piece in model.stream("Hello there") if piece.content]
called = model.bind_tools([weather], tool_choice="any").invoke("Hello there")
structured = model.with_structured_output(weather, method="function_calling").invoke("Hello there")
# Else it counts tokens with a table that it would fetch from the network.
embeddings = OpenAIEmbeddings(model="embed", check_embedding_ctx_length=False, **where)
try:
    ChatOpenAI(model="chatt", **where).invoke("Hello there")
    error = None
except openai.APIStatusError as failure:
    error = {"class": type(failure).__name__, "status": failure.status_code, "message": failure.message}

print(
    json.dumps(
        {
            "chat": model.invoke("Hello there").content,
            "stream": "".join(pieces),
            "pieces": len(pieces),
            "tool": called.tool_calls[0]["name"],
            "structured": list(structured),
            "embedding": [len(one) for one in embeddings.embed_documents(["a", "b"])],
            "error": error,
        }
    )
)
