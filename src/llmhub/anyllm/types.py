"""any-llm's answer types, for annotations only: importing them at run time would cost a second."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from any_llm.types.audio import Transcription
    from any_llm.types.completion import ChatCompletion, ChatCompletionChunk, CreateEmbeddingResponse
    from any_llm.types.image import ImagesResponse
    from any_llm.types.messages import MessageResponse
    from any_llm.types.moderation import ModerationResponse
    from any_llm.types.rerank import RerankResponse
    from any_llm.types.responses import Response

__all__ = [
    "ChatCompletion",
    "ChatCompletionChunk",
    "CreateEmbeddingResponse",
    "ImagesResponse",
    "MessageResponse",
    "ModerationResponse",
    "RerankResponse",
    "Response",
    "Transcription",
]
