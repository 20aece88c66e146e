"""So many calls at once, over threads and loops."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmhub.calls.slots import Slots


def test_no_more_than_the_limit_run_at_once_over_threads_and_loops():
    slots = Slots("openai", 3)
    running, most, lock = 0, 0, threading.Lock()

    async def one() -> None:
        nonlocal running, most
        await slots.take()
        try:
            with lock:
                running += 1
                most = max(most, running)
            await asyncio.sleep(0.002)
            with lock:
                running -= 1
        finally:
            slots.give_back()

    async def several() -> None:
        await asyncio.gather(*(one() for _ in range(10)))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: asyncio.run(several()), range(6)))
    assert most == 3
    assert (slots.load().running, slots.load().waiting) == (0, 0)


def test_who_waits_longest_comes_first():
    slots, order = Slots("openai", 1), []

    async def one(name: int) -> None:
        await slots.take()
        order.append(name)
        slots.give_back()

    async def main() -> None:
        await slots.take()
        tasks = [asyncio.create_task(one(number)) for number in range(5)]
        await asyncio.sleep(0)
        assert slots.load().waiting == 5
        slots.give_back()
        await asyncio.gather(*tasks)

    asyncio.run(main())
    assert order == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("when", ["in line", "at its turn"])
def test_one_that_is_cancelled_while_it_waits_loses_nobodys_place(when):
    slots = Slots("openai", 1)

    async def main() -> None:
        await slots.take()
        waiting = asyncio.create_task(slots.take())
        await asyncio.sleep(0)
        if when == "at its turn":
            slots.give_back()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        if when == "in line":
            slots.give_back()
        async with asyncio.timeout(5):
            await slots.take()
        slots.give_back()

    asyncio.run(main())
    assert slots.load().running == 0


def test_a_loop_that_was_closed_with_one_in_line_does_not_keep_the_place():
    slots = Slots("openai", 1)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(slots.take())
    abandoned = loop.create_task(slots.take())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    abandoned._log_destroy_pending = False  # abandoned on purpose
    slots.give_back()

    async def next_one() -> None:
        async with asyncio.timeout(5):
            await slots.take()

    asyncio.run(next_one())


def test_a_forked_child_starts_with_every_place_free():
    slots = Slots("openai", 1)
    asyncio.run(slots.take())
    slots.forget()
    began = time.monotonic()
    asyncio.run(slots.take())
    assert time.monotonic() - began < 5
