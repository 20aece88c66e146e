"""One hub from threads, loops, notebooks and forks."""

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmhub import Hub

HELLO = [{"role": "user", "content": "Hello"}]
FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def said(answer) -> str:
    return answer.choices[0].message.content


# --- loops ----------------------------------------------------------------------------------------------------------


def test_one_hub_serves_one_event_loop_after_another(hub):
    for _ in range(3):
        assert "Hello" in said(asyncio.run(hub.acompletion("chat", HELLO)))


def test_one_hub_serves_several_event_loops_at_once(hub):
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: asyncio.run(hub.acompletion("chat", HELLO)), range(8)))
    assert all("Hello" in said(answer) for answer in answers)


def test_sync_and_async_calls_mix_in_any_order(hub):
    for _ in range(3):
        assert "Hello" in said(hub.completion("chat", HELLO))
        assert "Hello" in said(asyncio.run(hub.acompletion("chat", HELLO)))


def test_a_sync_call_works_inside_a_running_loop_as_in_a_notebook(hub):
    async def cell():
        whole = said(hub.completion("chat", HELLO))
        chunks = list(hub.completion("chat", HELLO, stream=True))
        return whole, chunks

    whole, chunks = asyncio.run(cell())
    assert "Hello" in whole
    assert len(chunks) > 1


def test_threads_that_come_and_go_find_warm_connections(hub, provider_server):
    hub.completion("chat", HELLO)
    before = provider_server.counts.connections_accepted
    for _ in range(5):
        thread = threading.Thread(target=hub.completion, args=("chat", HELLO))
        thread.start()
        thread.join()
    assert provider_server.counts.connections_accepted == before


def test_a_hundred_calls_open_one_connection_sync_and_one_async(hub, provider_server):
    for _ in range(100):
        hub.completion("chat", HELLO)
    assert provider_server.counts.connections_accepted == 1

    async def main():
        for _ in range(100):
            await hub.acompletion("chat", HELLO)

    asyncio.run(main())
    assert provider_server.counts.connections_accepted == 2


def test_connections_of_a_loop_close_with_it(hub, provider_server):
    for _ in range(5):
        asyncio.run(hub.acompletion("chat", HELLO))
    wait_until(lambda: provider_server.counts.connections_open == 0)


def test_a_closed_hub_leaves_no_connection_and_opens_again_when_called(hub, provider_server):
    hub.completion("chat", HELLO)
    hub.close()
    wait_until(lambda: provider_server.counts.connections_open == 0)
    assert "Hello" in said(hub.completion("chat", HELLO))


def test_a_hub_that_is_dropped_closes_its_connections(make_hub, provider_server):
    hub = Hub(config=make_hub().config)
    hub.completion("chat", HELLO)
    del hub
    gc.collect()
    wait_until(lambda: provider_server.counts.connections_open == 0)


def test_as_a_context_manager_a_hub_closes_at_the_end_of_its_block(make_hub, provider_server):
    with make_hub() as hub:
        hub.completion("chat", HELLO)
    wait_until(lambda: provider_server.counts.connections_open == 0)

    async def main():
        async with make_hub() as hub:
            await hub.acompletion("chat", HELLO)
        wait_until(lambda: provider_server.counts.connections_open == 0)

    asyncio.run(main())


@pytest.mark.parametrize("consumed", [0, 1])
def test_a_stream_that_is_dropped_half_way_gives_its_connection_back(hub, provider_server, consumed):
    for _ in range(3):
        stream = hub.completion("chat", HELLO, stream=True)
        for _ in range(consumed):
            next(stream)
        del stream
        gc.collect()
    assert "Hello" in said(hub.completion("chat", HELLO))
    assert len(hub._life.engine._loops._idle) == 1


@pytest.fixture
def no_collector() -> Iterator[None]:
    """What is dropped goes at once, or stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_a_dropped_stream_of_a_fallback_gives_its_connection_back_without_the_collector(make_hub, provider_server):
    hub = make_hub(chat="fault-500", fallbacks=("claude-haiku",))
    for _ in range(3):
        hub.completion("chat", HELLO, stream=True)
        assert len(hub._life.engine._loops._idle) == 1
    assert "Hello" in said(hub.completion("chat", HELLO))


@pytest.mark.usefixtures("no_collector")
def test_a_stream_that_outlives_its_hub_closes_its_connection_when_it_ends(make_hub, provider_server):
    hub = make_hub()
    streams = [hub.completion("chat", HELLO, stream=True) for _ in range(2)]
    hub.close()
    assert len([chunk for chunk in streams.pop() if chunk.choices]) > 1
    wait_until(lambda: provider_server.counts.connections_open == 1)
    streams.pop().close()
    wait_until(lambda: provider_server.counts.connections_open == 0)


def test_a_stream_left_half_way_in_async_code_is_closed_with_its_loop(hub, provider_server):
    async def main():
        stream = await hub.acompletion("chat", HELLO, stream=True)
        async for _ in stream:
            break
        await stream.aclose()
        return await hub.acompletion("chat", HELLO)

    assert "Hello" in said(asyncio.run(main()))
    wait_until(lambda: provider_server.counts.connections_open == 0)


def test_context_variables_of_the_caller_are_seen_by_hooks(make_hub):
    from contextvars import ContextVar

    request_id = ContextVar("request_id", default="none")
    seen = []
    hub = make_hub(on_before_call=lambda _: seen.append(request_id.get()))
    request_id.set("42")
    hub.completion("chat", HELLO)

    async def cell():
        hub.completion("chat", HELLO)

    asyncio.run(cell())
    assert seen == ["42", "42"]


# --- forks ----------------------------------------------------------------------------------------------------------


@FORKS
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_child_calls_with_connections_of_its_own_and_the_parent_goes_on(hub, provider_server):
    assert "Hello" in said(hub.completion("chat", HELLO))
    context = multiprocessing.get_context("fork")
    answers = context.Queue()

    def child():
        answers.put(said(hub.completion("chat", HELLO)))
        answers.put(said(asyncio.run(hub.acompletion("chat", HELLO))))

    process = context.Process(target=child)
    process.start()
    assert "Hello" in answers.get(timeout=30)
    assert "Hello" in answers.get(timeout=30)
    process.join(30)
    assert process.exitcode == 0
    before = provider_server.counts.connections_accepted
    assert "Hello" in said(hub.completion("chat", HELLO))
    assert provider_server.counts.connections_accepted == before


PREFORKED = """
    import asyncio, os, sys
    from llmhub import Hub

    hub = Hub(config={{
        "project": "p",
        # A name, not an address: looking it up wakes the loop from another thread, through its wake-up pipe.
        "providers": {{"openai": {{"api_base": {base!r}}}}},
        "roles": {{"chat": {{"provider": "openai", "model": "gpt-4o-mini", "timeout": 5, "retry": {{"attempts": 1}}}}}},
    }})
    ask = [{{"role": "user", "content": "Hello"}}]
    hub.completion("chat", ask)
    child = os.fork()
    if child == 0:
        {in_child}
        sys.exit(0)
    assert os.waitpid(child, 0)[1] == 0
    async def wake():
        # Runs a function on a thread of the loop, whose end only the loop's wake-up pipe can tell.
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(None, lambda: "awake"), 5)
    loops = hub._life.engine._loops
    loop = loops.borrow()
    assert loops.run(loop, wake()) == "awake"
    loops.give_back(loop)
    hub.completion("chat", ask)
    print("parent is well")
"""


@FORKS
@pytest.mark.parametrize("in_child", ["pass", 'hub.completion("chat", ask)', "del hub; import gc; gc.collect()"])
def test_a_child_that_ends_in_the_ordinary_way_does_not_disturb_its_parents_loops(tmp_path, provider_server, in_child):
    program = tmp_path / "preforked.py"
    base = provider_server.openai_base.replace("127.0.0.1", "localhost")
    program.write_text(textwrap.dedent(PREFORKED.format(base=base, in_child=in_child)))
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    ended = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "parent is well", "")


# --- interruption and ending ----------------------------------------------------------------------------------------


def test_control_c_stops_a_sync_call_and_leaves_the_hub_usable(hub, provider_server):
    provider_server.script("gpt-4o-mini", ["hang-30"])
    hub.embedding("embed", "warm up")
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        hub.completion("chat", HELLO)
    timer.join()
    assert time.monotonic() - began < 10
    assert "Hello" in said(hub.completion("chat", HELLO))


def test_a_program_that_never_closes_its_hub_ends_quietly(tmp_path, provider_server):
    program = tmp_path / "careless.py"
    program.write_text(
        textwrap.dedent(f"""
        import asyncio
        from llmhub import Hub
        hub = Hub(config={{"project": "p", "providers": {{"openai": {{"api_base": {provider_server.openai_base!r}}}}},
                          "roles": {{"chat": {{"provider": "openai", "model": "gpt-4o-mini"}}}}}})
        ask = [{{"role": "user", "content": "Hello"}}]
        hub.completion("chat", ask)
        asyncio.run(hub.acompletion("chat", ask))
        next(hub.completion("chat", ask, stream=True))
        print("done")
        """)
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "done", "")


def wait_until(condition, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)
