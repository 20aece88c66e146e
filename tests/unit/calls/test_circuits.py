"""Leaving a failing target alone, on a clock that the test sets."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub import errors
from llmhub.calls.circuits import Circuits
from llmhub.records.calls import Target
from llmhub.records.config import Circuit

TARGET = Target(provider="openai", model="m", mode="chat")
OTHER = Target(provider="openai", model="n", mode="chat")
OUTAGE = errors.ProviderError("503")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuits(clock: Clock) -> Circuits:
    return Circuits(Circuit(failures=3, cooldown=10.0), clock)


def fail(circuits: Circuits, times: int, error: BaseException = OUTAGE) -> None:
    for _ in range(times):
        circuits.failed(TARGET, error)


def state(circuits: Circuits) -> str:
    (health,) = circuits.health([TARGET])
    return health.state


def test_a_target_in_good_health_leaves_no_trace(circuits):
    circuits.admit(TARGET)
    circuits.answered(TARGET)
    assert circuits.troubled == {}


@pytest.mark.parametrize("stumble", [KeyError("choices"), IndexError(), AttributeError("get"), AssertionError()])
def test_a_shape_that_any_llm_stumbles_over_may_be_the_requests_and_says_nothing(circuits, stumble):
    between = RuntimeError("a wrapper")
    between.__cause__ = stumble
    failure = errors.ProviderError("no attribute 'get'")
    failure.__cause__ = between
    fail(circuits, 5, failure)
    assert state(circuits) == "closed"
    fail(circuits, 3)
    assert state(circuits) == "open"


def test_a_circuit_opens_after_so_many_failures_in_a_row(circuits):
    fail(circuits, 2)
    circuits.admit(TARGET)
    fail(circuits, 1)
    with pytest.raises(errors.CircuitOpenError, match=r"3 failures in a row, the last a ProviderError.* in 10\.0 s"):
        circuits.admit(TARGET)
    circuits.admit(OTHER)


def test_an_answer_between_failures_starts_the_count_anew(circuits):
    fail(circuits, 2)
    circuits.answered(TARGET)
    fail(circuits, 2)
    circuits.admit(TARGET)


def test_an_open_circuit_says_when_to_come_back(circuits, clock):
    fail(circuits, 3)
    clock.now += 4
    with pytest.raises(errors.CircuitOpenError) as caught:
        circuits.admit(TARGET)
    assert caught.value.retry_after == pytest.approx(6.0)
    (health,) = circuits.health([TARGET])
    assert (health.state, health.failures, health.last_error) == ("open", 3, "ProviderError")
    assert health.retry_in == pytest.approx(6.0)


def test_after_the_cooldown_one_call_tries_and_the_others_wait_for_what_comes_of_it(circuits, clock):
    fail(circuits, 3)
    clock.now += 10
    assert state(circuits) == "half_open"
    circuits.admit(TARGET)
    with pytest.raises(errors.CircuitOpenError, match="another call is trying it now"):
        circuits.admit(TARGET)


def test_a_trial_that_is_answered_closes_the_circuit(circuits, clock):
    fail(circuits, 3)
    clock.now += 10
    circuits.admit(TARGET)
    circuits.answered(TARGET)
    assert state(circuits) == "closed"
    circuits.admit(TARGET)


def test_a_trial_that_fails_opens_it_for_another_cooldown(circuits, clock):
    fail(circuits, 3)
    clock.now += 10
    circuits.admit(TARGET)
    fail(circuits, 1)
    with pytest.raises(errors.CircuitOpenError):
        circuits.admit(TARGET)
    clock.now += 10
    circuits.admit(TARGET)


@pytest.mark.parametrize("error", [errors.ClientError("x"), errors.MissingKeyError("x"), KeyboardInterrupt()])
def test_a_trial_that_never_got_there_makes_room_for_another(circuits, clock, error):
    fail(circuits, 3)
    clock.now += 10
    circuits.admit(TARGET)
    circuits.failed(TARGET, error)
    circuits.admit(TARGET)


@pytest.mark.parametrize(
    "error",
    [errors.RateLimitError("429"), errors.InvalidRequestError("400"), errors.AuthenticationError("401")],
)
def test_a_refusal_is_an_answer_and_no_sign_of_illness(circuits, error):
    fail(circuits, 2)
    fail(circuits, 9, error)
    assert state(circuits) == "closed"


@pytest.mark.parametrize(
    "error",
    [errors.UnreachableError("x"), errors.CallTimeoutError("x"), errors.InterruptedStreamError("x")],
)
def test_what_speaks_against_a_target(circuits, error):
    fail(circuits, 3, error)
    assert state(circuits) == "open"


def test_waiting_in_vain_for_a_place_does_not_speak_against_a_target(circuits):
    fail(circuits, 9, errors.ProviderBusyError("x"))
    assert state(circuits) == "closed"


def test_a_timeout_that_this_process_was_late_to_notice_does_not_speak_against_a_target(circuits):
    timeout = errors.CallTimeoutError("x")
    timeout.late = 0.5
    fail(circuits, 9, timeout)
    assert state(circuits) == "closed"


def test_zero_failures_means_never(clock):
    circuits = Circuits(Circuit(failures=0), clock)
    fail(circuits, 100)
    circuits.admit(TARGET)


def test_of_many_threads_exactly_one_is_let_through_on_trial(circuits, clock):
    fail(circuits, 3)
    clock.now += 10
    admitted = []
    barrier = threading.Barrier(16)

    def one() -> None:
        barrier.wait()
        try:
            circuits.admit(TARGET)
        except errors.CircuitOpenError:
            return
        admitted.append(1)

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 1


@given(st.lists(st.sampled_from(["fail", "answer", "refuse", "cancel", "wait"]), max_size=40))
def test_a_circuit_never_stays_shut_for_good(events):
    clock = Clock()
    circuits = Circuits(Circuit(failures=2, cooldown=5.0), clock)
    for event in events:
        try:
            circuits.admit(TARGET)
        except errors.CircuitOpenError:
            clock.now += 5 if event == "wait" else 0
            continue
        if event == "answer":
            circuits.answered(TARGET)
        else:
            error = {"fail": OUTAGE, "refuse": errors.InvalidRequestError("400")}.get(event, KeyboardInterrupt())
            circuits.failed(TARGET, error)
    clock.now += 5
    circuits.admit(TARGET)
