"""Time limits on what a task awaits; `asyncio.timeout` with less ceremony, since they stand on the path of every call.

An `Alarm` bounds one wait. Nearly all are turned off long before they would ring, so they share one timer of their
loop, set for the earliest: a timer for each was a fifth of what a hub adds to a call, and the two coroutine calls and
the reschedule of the standard context manager as much again. `Deadline` bounds many waits by one timer.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import contextvars
import threading
from math import inf
from operator import attrgetter
from weakref import ReferenceType, WeakKeyDictionary, ref


class Alarms:
    """The alarms of a hub on whatever loops it is called. Safe from any thread, each for the loop that it runs."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """In a forked child: those of the parent ring there."""
        self._lock = threading.Lock()
        self._bells: WeakKeyDictionary[asyncio.AbstractEventLoop, ReferenceType[_Bell]] = WeakKeyDictionary()

    def set(self, loop: asyncio.AbstractEventLoop, seconds: float) -> Alarm:
        """An alarm for the running task of *loop*, which is the running one."""
        known = self._bells.get(loop)
        bell = None if known is None else known()
        if bell is None:
            bell = _Bell()
            with self._lock:
                self._bells[loop] = ref(bell)
        alarm = Alarm(loop, loop.time() + seconds, bell)
        bell.add(loop, alarm)
        return alarm


class Alarm:
    """Cancels the running task at the time `ends` of *loop*, unless it is turned `off` before.

    A task may be cancelled from elsewhere at the same moment, and then it must end: `rang_alone` tells the two apart,
    in the way of `asyncio.timeout`. `late`: seconds from the time it was set to until it rang, for which the loop was
    busy with other things.
    """

    __slots__ = ("_before", "_bell", "_rang", "_task", "ends", "late")

    def __init__(self, loop: asyncio.AbstractEventLoop, ends: float, bell: _Bell) -> None:
        task = asyncio.current_task(loop)
        assert task is not None
        self._task = task
        self._before = task.cancelling()
        self._bell = bell
        self._rang = False
        self.ends = ends
        self.late = 0.0

    def off(self) -> None:
        """Let the task go on; called in every case, whether it rang or not."""
        self._bell.alarms.discard(self)
        if self._rang and self._task.cancelling() > self._before:
            # It rang, and what was awaited swallowed the cancellation.
            self._task.uncancel()

    def rang_alone(self) -> bool:
        """Whether the task was cancelled by this alarm and by nobody else; if so, the cancellation is taken back."""
        return self._rang and self._task.uncancel() <= self._before

    def ring(self, now: float) -> None:
        self._rang = True
        self.late = max(0.0, now - self.ends)
        self._task.cancel()


class _Bell:
    """Rings the alarms of one loop by one timer. Only that timer keeps it, so that it goes when its loop is closed."""

    __slots__ = ("__weakref__", "_next", "alarms")

    def __init__(self) -> None:
        self.alarms: set[Alarm] = set()
        self._next = inf

    def add(self, loop: asyncio.AbstractEventLoop, alarm: Alarm) -> None:
        self.alarms.add(alarm)
        if alarm.ends < self._next:
            self._wind(loop, alarm.ends)

    def _wind(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        self._next = when
        # In a context of its own: a timer would keep the caller's, and whatever hangs on it, long after the call.
        loop.call_at(when, self._ring, loop, when, context=contextvars.Context())

    def _ring(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        if when != self._next:
            return  # an alarm that ended earlier was set meanwhile, and with it another timer
        now = loop.time()
        due = [alarm for alarm in self.alarms if alarm.ends <= max(now, when)]
        for alarm in sorted(due, key=attrgetter("ends")):
            self.alarms.discard(alarm)
            alarm.ring(now)
        self._next = inf
        if self.alarms:
            self._wind(loop, min(alarm.ends for alarm in self.alarms))


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
