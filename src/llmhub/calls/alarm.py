"""Time limits on what a task awaits; `asyncio.timeout` with less ceremony, since they stand on the path of every call.

`Alarm` bounds one wait and costs one timer. The standard context manager takes two coroutine calls, a reschedule and
two state checks more, which is a tenth of all that a hub adds to a call. `Deadline` bounds many waits by one timer.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up


class Alarm:
    """Cancels the running task in *seconds*, unless it is turned `off` before.

    A task may be cancelled from elsewhere at the same moment, and then it must end: `rang_alone` tells the two apart,
    in the way of `asyncio.timeout`. `late`: seconds from the time it was set to until it rang, for which the loop was
    busy with other things.
    """

    __slots__ = ("_before", "_loop", "_rang", "_task", "_timer", "late")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        task = asyncio.current_task(loop)
        assert task is not None
        self._loop = loop
        self._task = task
        self._before = task.cancelling()
        self._rang = False
        self.late = 0.0
        self._timer = loop.call_later(seconds, self._ring)

    def off(self) -> None:
        """Let the task go on; called in every case, whether it rang or not."""
        self._timer.cancel()
        if self._rang and self._task.cancelling() > self._before:
            # It rang, and what was awaited swallowed the cancellation.
            self._task.uncancel()

    def rang_alone(self) -> bool:
        """Whether the task was cancelled by this alarm and by nobody else; if so, the cancellation is taken back."""
        return self._rang and self._task.uncancel() <= self._before

    def _ring(self) -> None:
        self._rang = True
        self.late = self._loop.time() - self._timer.when()
        self._task.cancel()


class Deadline:
    """Ends, *seconds* from now, whatever wait stands between `begin` and `end`; what happens elsewhere goes on.

    Between two waits a task may do as it likes, and the next may be another task's.
    """

    __slots__ = ("_before", "_passed", "_rang", "_task", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._task: asyncio.Task[object] | None = None
        self._before = 0
        self._passed = self._rang = False
        self._timer = loop.call_later(seconds, self._ring)

    def begin(self) -> None:
        """The running task is about to wait.

        Raises:
            TimeoutError: the time is over.
        """
        if self._passed:
            raise TimeoutError
        task = asyncio.current_task()
        assert task is not None
        self._task, self._before = task, task.cancelling()

    def end(self) -> None:
        """The wait is over, in whatever way."""
        task, self._task = self._task, None
        if self._rang and task is not None and task.cancelling() > self._before:
            task.uncancel()

    def rang_alone(self) -> bool:
        """Whether the wait was cancelled by this deadline and by nobody else; if so, the cancellation is taken back."""
        return self._rang and self._task is not None and self._task.uncancel() <= self._before

    def off(self) -> None:
        """No more waits will come."""
        self._timer.cancel()

    def _ring(self) -> None:
        self._passed = True
        if self._task is not None:
            self._rang = True
            self._task.cancel()
