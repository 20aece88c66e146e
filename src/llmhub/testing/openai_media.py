"""The dialect of OpenAI: pictures, speech and transcriptions; and the rerank call as Cohere has it.

What is spoken here can be written down again: the sound is silent, but carries its text as the comment that RIFF files
may have, and a transcription reads it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final

from llmhub.testing.answers import count_words, identifier
from llmhub.testing.faults import Fault
from llmhub.testing.wire import (
    CREATED,
    Fields,
    Refusal,
    RefusedError,
    Reply,
    Request,
    check_at_most,
    check_fields,
    check_positive,
    json_reply,
)

_IMAGE_OPTIONAL: Final[Fields] = {
    "model": (str,),
    "n": (int,),
    "size": (str,),
    "quality": (str,),
    "style": (str,),
    "response_format": (str,),
    "user": (str,),
}


def images(request: Request, fault: Fault) -> Reply:
    """Answer `POST /images/generations`: one pixel each, whose colour follows from the prompt."""
    document = request.document
    check_fields(document, {"prompt": (str,)}, _IMAGE_OPTIONAL)
    check_positive(document, "n")
    check_at_most(document, "n", 10)
    digest = hashlib.sha256(document["prompt"].encode()).digest()
    made = [] if fault.kind == "empty" else [_pixel(digest[:3])] * (document.get("n") or 1)
    as_url = document.get("response_format") == "url"
    data = [
        {"url": f"data:image/png;base64,{picture}"} if as_url else {"b64_json": picture}
        for picture in (base64.b64encode(one).decode() for one in made)
    ]
    given = count_words(document["prompt"])
    details = {"text_tokens": given, "image_tokens": 0}
    usage = {"input_tokens": given, "output_tokens": len(data), "total_tokens": given + len(data)}
    return json_reply({"created": CREATED, "data": data, "usage": {**usage, "input_tokens_details": details}})


def _pixel(colour: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" + colour)) + chunk(b"IEND", b"")


_SAMPLES_PER_WORD: Final = 800
_SAMPLE_RATE: Final = 8000
_SPEECH_OPTIONAL: Final[Fields] = {"response_format": (str,), "speed": (float, int), "instructions": (str,)}


def speech(request: Request, fault: Fault) -> Reply:
    """Answer `POST /audio/speech`: a tenth of a second of silence for every word, as a WAV file."""
    document = request.document
    check_fields(document, {"model": (str,), "input": (str,), "voice": (str,)}, _SPEECH_OPTIONAL)
    sound = b"" if fault.kind == "empty" else _silence(document["input"])
    return Reply(body=sound, content_type=b"audio/wav")


def _silence(text: str) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    pulse_code = struct.pack("<HHIIHH", 1, 1, _SAMPLE_RATE, _SAMPLE_RATE, 1, 8)
    samples = b"\x80" * (_SAMPLES_PER_WORD * count_words(text))
    comment = chunk(b"LIST", b"INFO" + chunk(b"ICMT", text.encode()))
    return chunk(b"RIFF", b"WAVE" + chunk(b"fmt ", pulse_code) + chunk(b"data", samples) + comment)


def transcriptions(request: Request, fault: Fault) -> Reply:
    """Answer `POST /audio/transcriptions`, which comes as a form."""
    document = request.document
    check_fields(document, {"model": (str,), "file": (dict,)}, {"response_format": (str,), "language": (str,)})
    text = "" if fault.kind == "empty" else request.scripted or _heard(document["file"]["content"])
    wanted = document.get("response_format") or "json"
    if wanted == "text":
        return Reply(body=text.encode(), content_type=b"text/plain; charset=utf-8")
    if wanted not in ("json", "verbose_json"):
        raise RefusedError(Refusal(reason="invalid", name="response_format", detail="json, verbose_json or text"))
    seconds = count_words(text) * _SAMPLES_PER_WORD / _SAMPLE_RATE
    if wanted == "verbose_json":
        return json_reply({"task": "transcribe", "language": "english", "duration": seconds, "text": text})
    return json_reply({"text": text, "usage": {"type": "duration", "seconds": seconds}})


def _heard(sound: bytes) -> str:
    _, found, rest = sound.partition(b"ICMT")
    if not found:
        return f"{len(sound)} bytes of sound"
    (length,) = struct.unpack_from("<I", rest)
    return rest[4 : 4 + length].decode("utf-8", "replace")


def form(body: bytes, content_type: str) -> Mapping[str, Any]:
    """A `multipart/form-data` body as a document; a file in it as a mapping of `filename` and `content`."""
    from email import message_from_bytes
    from email.policy import HTTP

    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=HTTP)
    document: dict[str, Any] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            filename = part.get_filename()
            document[name] = content.decode() if filename is None else {"filename": filename, "content": content}
    return document


def rerank(request: Request, fault: Fault) -> Reply:
    """Answer `POST /v2/rerank`: a document scores by the share of the query's words that it has."""
    document = request.document
    check_fields(document, {"model": (str,), "query": (str,), "documents": (list,)}, {"top_n": (int,)})
    wanted = set(document["query"].lower().split())
    scores = [
        (len(wanted & set(str(text).lower().split())) / (len(wanted) or 1), index)
        for index, text in enumerate(document["documents"])
    ]
    ranked = sorted(scores, key=lambda found: (-found[0], found[1]))[: document.get("top_n")]
    results = [] if fault.kind == "empty" else [{"index": index, "relevance_score": score} for score, index in ranked]
    meta = {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}
    return json_reply({"id": identifier("rerank-", request.body), "results": results, "meta": meta})


def as_text(document: Mapping[str, Any]) -> str:
    """A document as JSON, for counting; a file in it by its name."""
    return json.dumps(document, default=lambda value: f"{len(value)} bytes")
