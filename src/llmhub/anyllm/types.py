"""any-llm's answer types, for annotations only: importing them at run time would cost a second."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from any_llm.types.completion import ChatCompletion, ChatCompletionChunk, CreateEmbeddingResponse

__all__ = ["ChatCompletion", "ChatCompletionChunk", "CreateEmbeddingResponse"]
