"""What follows a failed attempt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub import errors
from llmhub.calls.plan import REASONS, VERDICTS, Failure, GiveUp, Try, next_step, verdict_on
from llmhub.records.calls import ResolvedRole, Target


def role(targets: int = 2, attempts: int = 2, max_delay: float = 8.0, deadline: float = 60.0, **more) -> ResolvedRole:
    windows = more.pop("windows", (None,) * targets)
    return ResolvedRole(
        role="r",
        mode="chat",
        targets=tuple(
            Target(provider="p", model=f"m{number}", mode="chat", context_tokens=window)
            for number, window in enumerate(windows)
        ),
        attempts=attempts,
        max_delay=max_delay,
        timeout=None,
        deadline=deadline,
        **more,
    )


def rate_limited(retry_after: float | None = None) -> errors.RateLimitError:
    error = errors.RateLimitError("slow down")
    error.retry_after = retry_after
    return error


def action(policy: ResolvedRole, kind: type[errors.CallError], target: int, tries: int) -> str:
    """What follows when *target* has failed *tries* times, the last time with an error of class *kind*."""
    before = [Failure(number, errors.ProviderError("x")) for number in range(target) for _ in range(policy.attempts)]
    step = next_step(policy, [*before, *[Failure(target, kind("x"))] * tries], elapsed=1.0, chance=0.5)
    if isinstance(step, GiveUp):
        return "stop"
    return "retry" if step.target == target else "next"


# Three targets, two attempts each. "first": the first try of the first target failed so; "again": its second, too;
# "last": the last try of the last target.
POLICY = [
    # class                          first    again    last
    (errors.RateLimitError,          "retry", "next",  "stop"),
    (errors.ProviderError,           "retry", "next",  "stop"),
    (errors.InterruptedStreamError,  "retry", "next",  "stop"),  # before its first chunk
    (errors.UnreachableError,        "retry", "next",  "stop"),
    (errors.CallTimeoutError,        "retry", "next",  "stop"),
    (errors.ProviderBusyError,       "retry", "next",  "stop"),
    (errors.CircuitOpenError,        "next",  "next",  "stop"),
    (errors.ModelNotFoundError,      "next",  "next",  "stop"),
    (errors.InsufficientFundsError,  "next",  "next",  "stop"),
    (errors.ContextLengthError,      "stop",  "stop",  "stop"),  # no target is known to take more
    (errors.AuthenticationError,     "stop",  "stop",  "stop"),
    (errors.MissingKeyError,         "stop",  "stop",  "stop"),
    (errors.MissingExtraError,       "stop",  "stop",  "stop"),
    (errors.InvalidRequestError,     "stop",  "stop",  "stop"),
    (errors.ContentFilterError,      "stop",  "stop",  "stop"),
    (errors.UnsupportedError,        "stop",  "stop",  "stop"),
    (errors.UnsupportedOperationError, "stop", "stop", "stop"),
    (errors.EmptyAnswerError,        "stop",  "stop",  "stop"),
    (errors.TruncatedAnswerError,    "stop",  "stop",  "stop"),
    (errors.InvalidAnswerError,      "stop",  "stop",  "stop"),
    (errors.ClientError,             "stop",  "stop",  "stop"),
    (errors.CallRefused,             "stop",  "stop",  "stop"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "first", "again", "last"), POLICY, ids=lambda value: getattr(value, "__name__", None))
def test_the_class_of_a_failure_decides_what_follows(kind, first, again, last):
    policy = role(3)
    assert (action(policy, kind, 0, 1), action(policy, kind, 0, 2), action(policy, kind, 2, 2)) == (first, again, last)


def test_every_class_of_call_error_is_in_the_table_or_a_kind_of_refusal():
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CallError)}
    missing = {kind for kind in kinds - {kind for kind, *_ in POLICY} if not issubclass(kind, errors.CallRefused)}
    assert missing == {
        errors.CallError,  # never raised itself
        errors.UnusableAnswerError,  # nor this: always one of its three
        errors.AllTargetsFailed,  # what the call ends with
    }


@pytest.mark.parametrize(("kind", "word"), REASONS.items(), ids=lambda value: getattr(value, "__name__", value))
def test_a_role_may_let_more_failures_lead_to_the_next_target(kind, word):
    assert action(role(3, fallback_on=frozenset({word})), kind, 0, 1) == "next"
    others = frozenset(REASONS.values()) - {word}
    assert action(role(3, fallback_on=others), kind, 0, 1) == "stop"


def test_what_a_fallback_cannot_do_leads_to_the_next_one():
    assert action(role(3), errors.UnsupportedError, 1, 1) == "next"


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ((8_000, 128_000), Try(1)),
        ((8_000, 8_000, 4_000, 32_000), Try(3)),
        ((8_000, None, 32_000), Try(2)),
        ((8_000, 4_000), GiveUp()),
        ((8_000, None), GiveUp()),
        ((None, 128_000), GiveUp()),
    ],
)
def test_a_call_too_long_for_one_target_goes_to_the_next_that_is_known_to_take_more(windows, expected):
    too_long = [Failure(0, errors.ContextLengthError("too long"))]
    assert next_step(role(windows=windows), too_long, elapsed=0.0, chance=0.5) == expected


def test_when_its_attempts_are_used_up_the_next_target_is_tried_without_waiting():
    failed = [Failure(0, errors.ProviderError("500")), Failure(0, errors.ProviderError("500"))]
    assert next_step(role(attempts=2), failed, elapsed=1.0, chance=0.5) == Try(1)


@pytest.mark.parametrize("kind", [errors.RateLimitError, errors.ProviderError])
def test_a_wait_the_provider_asked_for_is_kept_to_the_second(kind):
    error = kind("slow down")
    error.retry_after = 3.0
    assert next_step(role(), [Failure(0, error)], elapsed=0.0, chance=0.1) == Try(0, 3.0)


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


KINDS = sorted((kind for kind, *_ in POLICY), key=lambda kind: kind.__name__)
FAILURES = st.tuples(st.sampled_from(KINDS), st.none() | st.floats(0, 20), st.floats(0, 1), st.floats(0, 5))


@given(
    windows=st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=4),
    attempts=st.integers(1, 5),
    max_delay=st.floats(0, 10),
    deadline=st.floats(0.1, 100),
    fallback_on=st.frozensets(st.sampled_from(sorted(REASONS.values()))),
    failures=st.lists(FAILURES, min_size=21, max_size=21),
)
def test_a_call_ends_within_its_attempts_begins_nothing_past_its_deadline_and_never_retries_in_vain(
    windows, attempts, max_delay, deadline, fallback_on, failures
):
    policy = role(windows=windows, attempts=attempts, max_delay=max_delay, deadline=deadline, fallback_on=fallback_on)
    failed: list[Failure] = []
    elapsed, target = 0.0, 0
    for kind, asked_wait, chance, took in failures:
        elapsed += took
        error = kind("x")
        error.retry_after = asked_wait
        failed.append(Failure(target, error))
        step = next_step(policy, failed, elapsed, chance)
        if isinstance(step, GiveUp):
            break
        assert target <= step.target < len(windows)
        if step.target == target:
            assert verdict_on(failed[-1], fallback_on) == "retry"
        assert elapsed + step.delay < deadline
        assert step.delay <= max_delay
        assert asked_wait is None or step.target != target or step.delay == asked_wait
        elapsed += step.delay
        target = step.target
    else:
        pytest.fail("the plan never gave up")
    assert all(sum(failure.target == number for failure in failed) <= attempts for number in range(len(windows)))


def test_only_what_can_pass_by_itself_is_ever_retried():
    assert {kind for kind, verdict in VERDICTS.items() if verdict == "retry"} == {
        errors.RateLimitError,
        errors.ProviderError,
        errors.UnreachableError,
        errors.CallTimeoutError,
    }
