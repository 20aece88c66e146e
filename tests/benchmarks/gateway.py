"""`llmhub serve` beside LiteLLM's proxy, one worker each, over one server that costs next to nothing.

    python -m tests.benchmarks.gateway [--litellm PATH] [--rounds N] [--stream] [--soak N]

Requests are written to bare sockets, so that the gateways are what is measured: one connection for latency, and
`CONNECTIONS` for throughput, in turn with the server itself. What a gateway adds is its latency less that of the
server. `--stream` asks for streams of 100 chunks, and tells the time to the first, the time of a whole stream, and the
chunks a second of `CONNECTIONS` streams at once. `--soak` instead sends so many requests to `llmhub serve` alone and
looks at its memory. Prints a JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.calls import fixed_server
from tests.benchmarks.fixed_server import CHUNKS

CONNECTIONS = 16
SEQUENTIAL = 150
AT_ONCE = 800
STREAMS = 40
STREAMS_AT_ONCE = 160
READY_WITHIN = 300.0

LLMHUB = """\
project: bench
providers:
  loopback: {{api_base: "{url}/v1"}}
roles:
  chat: {{provider: loopback, model: gpt-4o-mini}}
"""
LITELLM = """\
model_list:
  - model_name: chat
    litellm_params: {{model: openai/gpt-4o-mini, api_base: "{url}/v1", api_key: any}}
general_settings: {{master_key: {key}}}
"""


class Gateway:
    """A started gateway: its `port`, the key it takes, and how long it took until its first answer."""

    def __init__(self, command: list[str], folder: Path, port: int, key: str, environ: dict[str, str]) -> None:
        began = time.perf_counter()
        self.log = (folder / "log.txt").open("wb")
        self.process = subprocess.Popen(command, cwd=folder, env=environ, stdout=self.log, stderr=self.log)
        self.port, self.key, self.request = port, key, request_to(port, key)
        while True:
            try:
                asyncio.run(asked(port, self.request, 1, 1))
                break
            except OSError:
                if time.perf_counter() - began > READY_WITHIN or self.process.poll() is not None:
                    raise SystemExit(f"{command} did not come up:\n{(folder / 'log.txt').read_text()}") from None
                time.sleep(0.02)
        self.boot = time.perf_counter() - began

    def memory(self) -> float:
        """MiB resident, of the process and its children together."""
        return sum(resident(pid) for pid in family(self.process.pid))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def request_to(port: int, key: str, **more: object) -> bytes:
    asked = {"model": "chat", "messages": [{"role": "user", "content": "Hello, how are you?"}], **more}
    body = json.dumps(asked).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def asked(port: int, request: bytes, connections: int, requests: int) -> list[float]:
    """Seconds of each of *requests*, sent one after another over each of *connections*.

    Raises:
        OSError: no connection, or an answer that is not 200.
    """
    times: list[float] = []
    left = iter(range(requests))

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for _ in left:
                began = time.perf_counter()
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                if not head.startswith(b"HTTP/1.1 200") or length is None:
                    raise OSError(f"not 200: {head!r} {await reader.read(2000)!r}")
                await reader.readexactly(int(length[1]))
                times.append(time.perf_counter() - began)
        except asyncio.IncompleteReadError as cut:
            raise OSError("the connection ended in the middle of an answer") from cut
        finally:
            writer.close()

    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return times


def latency(port: int, request: bytes) -> float:
    """Median seconds of a request when there is one at a time."""
    return statistics.median(asyncio.run(asked(port, request, 1, SEQUENTIAL)))


def throughput(port: int, request: bytes) -> float:
    """Requests a second with `CONNECTIONS` at once."""
    began = time.perf_counter()
    asyncio.run(asked(port, request, CONNECTIONS, AT_ONCE))
    return AT_ONCE / (time.perf_counter() - began)


async def streamed(port: int, request: bytes, connections: int, requests: int) -> list[tuple[float, float]]:
    """Seconds until the first event and until the last, of each of *requests*, each on a connection of its own."""
    times: list[tuple[float, float]] = []
    left = iter(range(requests))

    async def one_after_another() -> None:
        for _ in left:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            began = time.perf_counter()
            writer.write(request)
            await reader.readuntil(b"data: ")
            first = time.perf_counter() - began
            await reader.readuntil(b"data: [DONE]")
            times.append((first, time.perf_counter() - began))
            writer.close()

    await asyncio.gather(*(one_after_another() for _ in range(connections)))
    return times


def streaming(port: int, request: bytes) -> dict[str, float]:
    """Median milliseconds to the first event and of a whole stream, alone; chunks a second of many at once."""
    alone = asyncio.run(streamed(port, request, 1, STREAMS))
    began = time.perf_counter()
    asyncio.run(streamed(port, request, CONNECTIONS, STREAMS_AT_ONCE))
    return {
        "first": 1000 * statistics.median(first for first, _ in alone),
        "whole": 1000 * statistics.median(whole for _, whole in alone),
        "chunks_per_second": STREAMS_AT_ONCE * CHUNKS / (time.perf_counter() - began),
    }


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [one for child in task.read_text().split() for one in family(int(child))]
    return found


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def our_gateway(url: str) -> Iterator[Gateway]:
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "llmhub.yaml").write_text(LLMHUB.format(url=url))
        environ = {**os.environ, "LLMHUB_CACHE_DIR": str(folder / "cache"), "LLMHUB_OFFLINE": "1"}
        made = subprocess.run(
            [sys.executable, "-m", "llmhub", "serve", "keys", "add", "bench", "--role", "*"],
            cwd=folder, env=environ, capture_output=True, text=True, check=True,
        )  # fmt: skip
        key = re.search(r"\S{30,}", made.stdout)[0]
        command = [sys.executable, "-m", "llmhub", "serve", "--port", str(port)]
        gateway = Gateway(command, folder, port, key, environ)
        try:
            yield gateway
        finally:
            gateway.stop()


@contextlib.contextmanager
def litellm_proxy(executable: str, url: str) -> Iterator[Gateway]:
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        key = f"sk-{secrets.token_hex(24)}"
        (folder / "config.yaml").write_text(LITELLM.format(url=url, key=key))
        environ = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"}
        command = [executable, "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]
        gateway = Gateway([*command, "--telemetry", "False"], folder, port, key, environ)
        try:
            yield gateway
        finally:
            gateway.stop()


@contextlib.contextmanager
def side_by_side(executable: str | None) -> Iterator[tuple[dict[str, Gateway], dict[str, tuple[int, str]]]]:
    """The gateways, and the port and key of each and of the server itself."""
    with contextlib.ExitStack() as running:
        url = running.enter_context(fixed_server())
        gateways = {"llmhub": running.enter_context(our_gateway(url))}
        if executable:
            gateways["litellm"] = running.enter_context(litellm_proxy(executable, url))
        places = {"direct": (int(url.rpartition(":")[2]), "none")}
        yield gateways, places | {name: (gateway.port, gateway.key) for name, gateway in gateways.items()}


def beside(executable: str | None, rounds: int) -> dict[str, dict[str, float]]:
    """Figures of the server itself and of each gateway: medians over *rounds*, taken in turn."""
    with side_by_side(executable) as (gateways, keys):
        places = {name: (port, request_to(port, key)) for name, (port, key) in keys.items()}
        for place in places.values():
            latency(*place)
        taken: dict[str, dict[str, list[float]]] = {name: {"latency": [], "rps": []} for name in places}
        for _ in range(rounds):
            for name, place in places.items():
                taken[name]["latency"].append(latency(*place) * 1000)
                taken[name]["rps"].append(throughput(*place))
        found = {name: {what: statistics.median(of) for what, of in times.items()} for name, times in taken.items()}
        for name, gateway in gateways.items():
            found[name]["added"] = found[name]["latency"] - found["direct"]["latency"]
            found[name]["boot"], found[name]["memory"] = gateway.boot, gateway.memory()
        if "litellm" in found:
            ours, theirs = found["llmhub"], found["litellm"]
            found["ratio"] = {"rps": ours["rps"] / theirs["rps"], "added": ours["added"] / theirs["added"]}
        return found


def streams_beside(executable: str | None, rounds: int) -> dict[str, dict[str, float]]:
    """The same for streams."""
    with side_by_side(executable) as (_, keys):
        places = {name: (port, request_to(port, key, stream=True)) for name, (port, key) in keys.items()}
        for place in places.values():
            streaming(*place)
        taken = {name: [] for name in places}
        for _ in range(rounds):
            for name, place in places.items():
                taken[name].append(streaming(*place))
        return {
            name: {what: statistics.median(each[what] for each in times) for what in times[0]}
            for name, times in taken.items()
        }


def soak(requests: int) -> dict[str, float]:
    """MiB of `llmhub serve` after a tenth of *requests*, and after all of them."""
    with fixed_server() as url, our_gateway(url) as gateway:
        asyncio.run(asked(gateway.port, gateway.request, CONNECTIONS, requests // 10))
        warm = gateway.memory()
        began = time.perf_counter()
        asyncio.run(asked(gateway.port, gateway.request, CONNECTIONS, requests - requests // 10))
        return {"warm": warm, "end": gateway.memory(), "rps": requests * 0.9 / (time.perf_counter() - began)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gateway")
    parser.add_argument("--litellm", help="the `litellm` program of an environment with litellm[proxy] in it")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--stream", action="store_true", help="ask for streams")
    parser.add_argument("--soak", type=int, metavar="N", help="look at memory over N requests instead")
    options = parser.parse_args()
    if options.soak:
        found = soak(options.soak)
    else:
        found = (streams_beside if options.stream else beside)(options.litellm, options.rounds)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
