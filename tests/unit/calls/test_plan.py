"""What follows a failed attempt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub import errors
from llmhub.calls.plan import VERDICTS, Failure, GiveUp, Try, next_step, verdict_on
from llmhub.records.calls import ResolvedRole, Target


def role(targets: int = 2, attempts: int = 2, max_delay: float = 8.0, deadline: float = 60.0) -> ResolvedRole:
    return ResolvedRole(
        role="r",
        mode="chat",
        targets=tuple(Target(provider="p", model=f"m{number}", mode="chat") for number in range(targets)),
        attempts=attempts,
        max_delay=max_delay,
        timeout=None,
        deadline=deadline,
    )


def rate_limited(retry_after: float | None = None) -> errors.RateLimitError:
    error = errors.RateLimitError("slow down")
    error.retry_after = retry_after
    return error


RETRIED = [errors.RateLimitError, errors.ProviderError, errors.UnreachableError, errors.CallTimeoutError]
PASSED_ON = [errors.ModelNotFoundError, errors.InsufficientFundsError]
FINAL = [
    errors.AuthenticationError,
    errors.MissingKeyError,
    errors.MissingExtraError,
    errors.InvalidRequestError,
    errors.ContextLengthError,
    errors.ContentFilterError,
    errors.UnsupportedError,
    errors.ClientError,
]


@pytest.mark.parametrize("kind", RETRIED)
def test_what_may_pass_is_tried_again_at_the_same_target(kind):
    step = next_step(role(), [Failure(0, kind("x"))], elapsed=1.0, chance=0.5)
    assert isinstance(step, Try)
    assert step.target == 0


@pytest.mark.parametrize("kind", PASSED_ON)
def test_what_only_another_target_can_mend_goes_to_the_next_at_once(kind):
    assert next_step(role(), [Failure(0, kind("x"))], elapsed=1.0, chance=0.5) == Try(1)


@pytest.mark.parametrize("kind", FINAL)
def test_what_no_target_can_mend_ends_the_call(kind):
    assert next_step(role(), [Failure(0, kind("x"))], elapsed=1.0, chance=0.5) == GiveUp()


def test_every_class_of_call_error_has_a_verdict():
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CallError)}
    undecided = kinds - {errors.CallError, errors.AllTargetsFailed} - set(VERDICTS)
    # A subclass shares its parent's, unless it has its own.
    assert all(verdict_on(kind("x")) == verdict_on(kind.__mro__[1]("x")) for kind in undecided)
    assert undecided == {errors.InterruptedStreamError}


def test_when_its_attempts_are_used_up_the_next_target_is_tried_without_waiting():
    failed = [Failure(0, errors.ProviderError("500")), Failure(0, errors.ProviderError("500"))]
    assert next_step(role(attempts=2), failed, elapsed=1.0, chance=0.5) == Try(1)


def test_when_the_last_target_is_used_up_the_call_ends():
    failed = [Failure(0, errors.ProviderError("x")), Failure(1, errors.ProviderError("x"))]
    assert next_step(role(attempts=1), failed, elapsed=1.0, chance=0.5) == GiveUp()


def test_a_wait_the_provider_asked_for_is_kept_to_the_second():
    assert next_step(role(), [Failure(0, rate_limited(3.0))], elapsed=0.0, chance=0.1) == Try(0, 3.0)


def test_a_wait_longer_than_the_roles_patience_is_not_waited_for():
    assert next_step(role(max_delay=2.0), [Failure(0, rate_limited(3.0))], elapsed=0.0, chance=0.1) == Try(1)
    assert next_step(role(1, max_delay=2.0), [Failure(0, rate_limited(3.0))], elapsed=0.0, chance=0.1) == GiveUp()


def test_a_wait_past_the_deadline_is_not_begun():
    assert next_step(role(deadline=5.0), [Failure(0, rate_limited(3.0))], elapsed=3.0, chance=0.1) == Try(1)


def test_the_wait_grows_with_each_try_up_to_the_roles_longest():
    policy = role(attempts=9, max_delay=3.0)
    ceilings = []
    failed: list[Failure] = []
    for _ in range(5):
        failed.append(Failure(0, errors.ProviderError("x")))
        step = next_step(policy, failed, elapsed=0.0, chance=1.0)
        assert isinstance(step, Try)
        ceilings.append(step.delay)
    assert ceilings == [0.5, 1.0, 2.0, 3.0, 3.0]


@given(
    targets=st.integers(1, 4),
    attempts=st.integers(1, 5),
    deadline=st.floats(0.1, 100),
    kinds=st.lists(st.sampled_from([*RETRIED, *PASSED_ON, *FINAL]), min_size=40, max_size=40),
    chances=st.lists(st.floats(0, 1), min_size=40, max_size=40),
    took=st.floats(0, 5),
)
def test_a_call_always_ends_within_its_attempts_and_begins_nothing_past_its_deadline(
    targets, attempts, deadline, kinds, chances, took
):
    policy = role(targets, attempts, deadline=deadline)
    failed: list[Failure] = []
    elapsed, target = 0.0, 0
    for kind, chance in zip(kinds, chances, strict=True):
        elapsed += took
        failed.append(Failure(target, kind("x")))
        step = next_step(policy, failed, elapsed, chance)
        if isinstance(step, GiveUp):
            break
        assert step.target in (target, target + 1)
        assert elapsed + step.delay < deadline
        elapsed += step.delay
        target = step.target
    else:
        pytest.fail("the plan never gave up")
    assert len(failed) <= targets * attempts
