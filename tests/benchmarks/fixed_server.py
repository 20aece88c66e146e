"""A server that costs next to nothing, so that clients are what is measured: fixed replies over a bare protocol.

    python fixed_server.py

prints its URL, and ends when standard input closes. `GET /connections` tells how many TCP connections it accepted.
"""

import asyncio
import json
import sys
import threading

TEXT = "Hello! I am well, thank you for asking. What can I do for you today?"
USAGE = {"prompt_tokens": 12, "completion_tokens": 17, "total_tokens": 29}
CHUNKS = 100


def reply(content_type: str, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n" % (content_type.encode(), len(body)) + body
    )


def completion() -> bytes:
    message = {"role": "assistant", "content": TEXT}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini"}
    return reply("application/json", json.dumps({**head, "choices": choices, "usage": USAGE}).encode())


def stream() -> list[bytes]:
    """Head and events, each to be sent by itself, as a model sends them."""
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-mini"}
    deltas = [({"role": "assistant", "content": ""}, None), *[({"content": "word "}, None)] * CHUNKS, ({}, "stop")]
    events = [
        json.dumps({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
        for delta, reason in deltas
    ]
    parts = [f"data: {event}\n\n".encode() for event in [*events, "[DONE]"]]
    head_only = reply("text/event-stream", b"".join(parts)).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return [head_only, *parts]


WHOLE, STREAMED = completion(), stream()


class Fixed(asyncio.Protocol):
    accepted = 0

    def connection_made(self, transport):
        Fixed.accepted += 1
        self.transport, self.pending = transport, b""

    def data_received(self, data):
        self.pending += data
        while (end := self.pending.find(b"\r\n\r\n")) >= 0:
            head = self.pending[:end].lower()
            length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0)
            if len(self.pending) < end + 4 + length:
                return
            body, self.pending = self.pending[end + 4 : end + 4 + length], self.pending[end + 4 + length :]
            if head.startswith(b"get /connections"):
                self.transport.write(reply("application/json", str(Fixed.accepted).encode()))
            else:
                if b'"stream":true' in body.replace(b" ", b""):
                    self.stream(iter(STREAMED))
                else:
                    self.transport.write(WHOLE)

    def stream(self, parts):
        part = next(parts, None)
        if part is not None:
            self.transport.write(part)
            asyncio.get_running_loop().call_soon(self.stream, parts)


async def main():
    server = await asyncio.get_running_loop().create_server(Fixed, "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(main())
