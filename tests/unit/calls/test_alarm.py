import asyncio
import contextvars
import gc
import weakref

import pytest

from llmhub.calls.alarm import Alarms, Deadline


async def limited_by_alarm(seconds: float, work, told: list[str]) -> None:
    alarm = Alarms().set(asyncio.get_running_loop(), seconds)
    try:
        await work
        told.append("done")
    except asyncio.CancelledError:
        if not alarm.rang_alone():
            told.append("cancelled")
            raise
        told.append("rang")
    finally:
        alarm.off()


async def limited_by_deadline(seconds: float, work, told: list[str]) -> None:
    deadline = Deadline(asyncio.get_running_loop(), seconds)
    deadline.begin()
    try:
        await work
        told.append("done")
    except asyncio.CancelledError:
        if not deadline.rang_alone():
            told.append("cancelled")
            raise
        told.append("rang")
    finally:
        deadline.end()
        deadline.off()


@pytest.fixture(params=[limited_by_alarm, limited_by_deadline])
def limited(request: pytest.FixtureRequest):
    """Awaits work under a time limit of either kind, and tells how it ended."""
    return request.param


def test_what_ends_in_time_is_left_alone(limited):
    told: list[str] = []

    async def main():
        await limited(0.05, asyncio.sleep(0), told)
        await asyncio.sleep(0.1)

    asyncio.run(main())
    assert told == ["done"]


def test_what_takes_longer_is_cancelled_and_the_task_goes_on(limited):
    told: list[str] = []

    async def main():
        await limited(0.01, asyncio.sleep(10), told)
        await asyncio.sleep(0)
        assert asyncio.current_task().cancelling() == 0
        return "went on"

    assert asyncio.run(main()) == "went on"
    assert told == ["rang"]


def test_a_cancellation_from_elsewhere_is_passed_on(limited):
    told: list[str] = []

    async def main():
        task = asyncio.create_task(limited(5, asyncio.sleep(10), told))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert told == ["cancelled"]


def test_when_both_come_at_once_the_one_from_elsewhere_wins(limited):
    told: list[str] = []

    async def main():
        task = asyncio.create_task(limited(0.01, asyncio.sleep(10), told))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.01, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert told == ["cancelled"]


def test_a_cancellation_that_the_work_swallowed_does_not_linger(limited):
    async def stubborn():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return

    told: list[str] = []

    async def main():
        await limited(0.01, stubborn(), told)
        await asyncio.sleep(0.01)
        return asyncio.current_task().cancelling()

    assert asyncio.run(main()) == 0
    assert told == ["done"]


def test_it_works_inside_a_timeout_of_the_caller(limited):
    told: list[str] = []

    async def main():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await limited(5, asyncio.sleep(10), told)
        async with asyncio.timeout(5):
            await limited(0.01, asyncio.sleep(10), told)

    asyncio.run(main())
    assert told == ["cancelled", "rang"]


def test_alarms_ring_each_in_its_time_in_whatever_order_they_were_set():
    alarms, rang = Alarms(), []

    async def wait(seconds: float) -> None:
        alarm = alarms.set(asyncio.get_running_loop(), seconds)
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            assert alarm.rang_alone()
            rang.append((seconds, alarm.late >= 0.0))
        finally:
            alarm.off()

    async def main():
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*map(wait, (0.06, 0.02, 0.1, 0.02, 0.04)))
        return loop.time() - began

    assert asyncio.run(main()) >= 0.1
    assert rang == [(seconds, True) for seconds in (0.02, 0.02, 0.04, 0.06, 0.1)]


def test_an_alarm_that_was_turned_off_keeps_neither_its_loop_nor_what_its_caller_had_at_hand():
    class Request:
        pass

    at_hand = contextvars.ContextVar("at_hand")
    alarms, alive = Alarms(), []

    async def one_call():
        request = Request()
        at_hand.set(request)
        alive.append(weakref.ref(request))
        alarms.set(asyncio.get_running_loop(), 600).off()

    async def main():
        alive.append(weakref.ref(asyncio.get_running_loop()))
        await asyncio.create_task(one_call())
        await asyncio.sleep(0.01)
        gc.collect()
        assert alive[1]() is None

    asyncio.run(main())
    gc.collect()
    assert [reference() for reference in alive] == [None, None]


def test_a_deadline_disturbs_nothing_between_two_waits_and_ends_the_next():
    async def main():
        deadline = Deadline(asyncio.get_running_loop(), 0.02)
        deadline.begin()
        await asyncio.sleep(0)
        deadline.end()
        await asyncio.sleep(0.05)  # the consumer takes its time
        with pytest.raises(TimeoutError):
            deadline.begin()
        return asyncio.current_task().cancelling()

    assert asyncio.run(main()) == 0


def test_the_waits_of_a_deadline_may_be_those_of_several_tasks():
    told: list[str] = []

    async def one_wait(deadline: Deadline, seconds: float) -> None:
        deadline.begin()
        try:
            await asyncio.sleep(seconds)
            told.append("done")
        except asyncio.CancelledError:
            told.append("rang" if deadline.rang_alone() else "cancelled")
        finally:
            deadline.end()

    async def main():
        deadline = Deadline(asyncio.get_running_loop(), 0.05)
        await asyncio.create_task(one_wait(deadline, 0))
        await asyncio.create_task(one_wait(deadline, 10))

    asyncio.run(main())
    assert told == ["done", "rang"]
