"""The batch writer: nothing put in is lost but to a process that is killed outright, and calls never wait for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from llmhub.spend.writer import BatchWriter

PROGRAM = """
import os, signal, sys, threading, time
from llmhub.spend.signals import flush_on_signals
from llmhub.spend.writer import BatchWriter
written = open(sys.argv[1], "a")
def work(batch):
    written.write("".join(f"{item}\\n" for item in batch)); written.flush()
writer = BatchWriter(work, window=float(os.environ.get("WINDOW", "30")))
"""


@pytest.fixture
def run(tmp_path):
    """Runs a program that has a `writer` into a file; says how it ended and what was written."""

    def run(text, **environ):
        file = tmp_path / "written"
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM + text, str(file)],
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done, file.read_text().split()

    return run


def test_everything_is_written_in_order_and_in_batches():
    batches = []
    writer = BatchWriter(lambda batch: batches.append(list(batch)), window=0.01)
    for number in range(5000):
        writer.put(number)
    writer.close()
    assert [number for batch in batches for number in batch] == list(range(5000))
    assert max(map(len, batches)) <= 1000
    assert len(batches) < 500


def test_what_fails_is_tried_again_and_nothing_is_lost_or_doubled():
    done, tries = [], []

    def work(batch):
        tries.append(len(batch))
        if len(tries) < 3:
            raise OSError("disk full")
        done.extend(batch)

    writer = BatchWriter(work, window=0.01)
    for number in range(10):
        writer.put(number)
    assert writer.flush(10.0)
    writer.close()
    assert done == list(range(10))
    assert len(tries) == 3


def test_putting_in_never_waits_for_the_work():
    gate = threading.Event()
    writer = BatchWriter(lambda batch: gate.wait(10), window=0.0)
    began = time.monotonic()
    for number in range(1000):
        writer.put(number)
    assert time.monotonic() - began < 1.0
    assert not writer.flush(0.05)
    gate.set()
    writer.close()


def test_a_closed_writer_begins_again_when_more_is_put_in():
    done = []
    writer = BatchWriter(done.extend, window=0.01)
    writer.put(1)
    writer.close()
    writer.put(2)
    writer.close()
    assert done == [1, 2]


def test_a_signal_that_would_end_the_process_first_writes_what_is_left(run):
    done, written = run(
        "flush_on_signals(writer); writer.put('x'); os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)"
    )
    assert (done.returncode, written) == (-signal.SIGTERM, ["x"])


def test_a_signal_between_any_two_steps_of_the_main_thread_finds_it_holding_locks_and_waits_for_none(run):
    text = """
flush_on_signals(writer); writer.put('x')
with writer._something._cond:  # as in the middle of a `put`
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.05)
time.sleep(9)
"""
    done, written = run(text)
    assert (done.returncode, written) == (-signal.SIGTERM, ["x"])


def test_a_handler_of_the_application_is_left_alone(run):
    text = """
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
flush_on_signals(writer); writer.put('x')
import atexit; atexit.register(writer.close)
os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)
"""
    done, written = run(text)
    assert (done.returncode, written) == (7, ["x"])


def test_a_handler_that_the_application_sets_later_replaces_ours(run):
    text = """
flush_on_signals(writer); writer.put('x')
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)
"""
    done, written = run(text)
    assert (done.returncode, written) == (7, [])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")
def test_a_forked_child_writes_its_own_and_not_what_its_parent_had(run):
    text = """
writer.put('parent')
child = os.fork()
if child == 0:
    writer.put('child'); writer.close(); os._exit(0)
os.waitpid(child, 0); writer.close()
"""
    done, written = run(text)
    assert (done.returncode, sorted(written)) == (0, ["child", "parent"])


def test_a_process_that_is_killed_loses_no_more_than_its_last_window(run):
    text = """
for number in range(100):
    writer.put(number); time.sleep(0.01)
    written.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""
    done, written = run(text, WINDOW="0.1")
    assert done.returncode == -signal.SIGKILL
    assert written == [str(number) for number in range(len(written))], "in order, without gaps"
    # A window of 0.1 s holds 10 of them; the rest of the allowance is for a machine with other things to do.
    assert len(written) >= 60
