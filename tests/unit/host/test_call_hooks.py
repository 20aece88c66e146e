"""Hooks around a call: in order, guarded, and nothing at all when there are none."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from llmhub import hookimpl
from llmhub.errors import CallRefused, PluginLoadError
from llmhub.host import PluginHost
from llmhub.records.calls import CallContext


@pytest.fixture
def call() -> CallContext:
    return CallContext(
        call_id="1", role="r", provider="p", model="m", mode="chat", method="completion", input=[], params={}
    )


def host_of(**plugins: object) -> PluginHost:
    host = PluginHost.empty()
    for name, plugin in plugins.items():
        host.register(plugin, name, "call")
    return host


def before(function: Any, **options: bool) -> SimpleNamespace:
    def llmhub_before_call(call: CallContext) -> None:
        function(call)

    return SimpleNamespace(llmhub_before_call=hookimpl(**options)(llmhub_before_call))  # type: ignore[call-overload]


def failing(error: Exception) -> SimpleNamespace:
    def fail(call: CallContext) -> None:
        raise error

    return before(fail)


def test_without_plugins_there_is_nothing_to_call() -> None:
    assert PluginHost.empty().call_hooks() == ((), (), (), (), (), (), ())


def test_the_last_registered_is_called_first_unless_it_says_otherwise(call: CallContext) -> None:
    order: list[str] = []
    host = host_of(
        a=before(lambda call: order.append("a")),
        b=before(lambda call: order.append("b")),
        first=before(lambda call: order.append("first"), tryfirst=True),
        last=before(lambda call: order.append("last"), trylast=True),
    )
    hooks = host.call_hooks(before=lambda call: order.append("application"))
    assert [name for name, _ in hooks.before_call] == ["first", "b", "a", "last", "on_before_call"]
    for _, run in hooks.before_call:
        run(call=call)
    assert order == ["first", "b", "a", "last", "application"]


def test_a_hook_gets_the_arguments_it_names_and_no_others(call: CallContext) -> None:
    seen: list[object] = []

    class Plugin:
        @hookimpl
        def llmhub_on_attempt(self, attempt: object) -> None:
            seen.append(attempt)

        @hookimpl
        def llmhub_after_call(self, *, result: object = None, **others: object) -> None:
            seen.append((result, others))

        @hookimpl
        def llmhub_before_call(self) -> None:
            seen.append("no arguments")

    hooks = host_of(mine=Plugin()).call_hooks()
    hooks.before_call[0].run(call=call)
    hooks.on_attempt[0].run(call=call, attempt="the attempt")
    hooks.after_call[0].run(call=call, result="the result")
    assert seen == ["no arguments", "the attempt", ("the result", {"call": call})]


def test_a_before_call_hook_may_change_the_parameters(call: CallContext) -> None:
    hooks = host_of(mine=before(lambda call: call.params.update(temperature=0))).call_hooks()
    hooks.before_call[0].run(call=call)
    assert call.params == {"temperature": 0}


def test_a_refusal_reaches_the_call(call: CallContext) -> None:
    host = host_of(mine=failing(CallRefused("over the limit")))
    with pytest.raises(CallRefused, match="over the limit"):
        host.call_hooks().before_call[0].run(call=call)
    assert host.failures == ()


def test_a_refusal_after_the_call_comes_too_late_and_is_a_failure(call: CallContext) -> None:
    @hookimpl
    def llmhub_after_call(result: object) -> None:
        raise CallRefused("too late")

    host = host_of(mine=SimpleNamespace(llmhub_after_call=llmhub_after_call))
    host.call_hooks().after_call[0].run(call=call, result=None)
    assert "CallRefused: too late" in host.failures[0].error


def test_any_other_exception_is_logged_and_remembered_and_the_call_goes_on(
    call: CallContext, caplog: pytest.LogCaptureFixture
) -> None:
    host = host_of(mine=failing(ValueError("boom")))
    host.call_hooks().before_call[0].run(call=call)
    [failure] = host.failures
    assert (failure.plugin, failure.phase) == ("mine", "call")
    assert failure.error == "llmhub_before_call: ValueError: boom"
    assert "boom" in failure.traceback
    [record] = caplog.records
    assert (record.name, record.levelno) == ("llmhub", logging.ERROR)
    assert record.exc_info
    assert host.plugins()[0].status == "loaded"


def test_a_hook_that_fails_on_every_call_is_remembered_once_and_logged_each_time(
    call: CallContext, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = iter(range(100))

    def fail(call: CallContext) -> None:
        raise ValueError(f"call number {next(numbers)}")

    host = host_of(mine=before(fail))
    run = host.call_hooks().before_call[0].run
    for _ in range(100):
        run(call=call)
    assert len(host.failures) == 1
    assert len(caplog.records) == 100
    assert sum(record.exc_info is not None for record in caplog.records) == 1
    assert "call number 99" in caplog.records[-1].getMessage()


def test_what_the_log_told_is_not_reported_again(call: CallContext, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    host = host_of(mine=failing(ValueError("boom")))
    host.call_hooks().before_call[0].run(call=call)
    host.report(sys.stderr)
    assert "boom" not in capsys.readouterr().err


def test_one_plugin_that_fails_does_not_keep_the_others_from_their_turn(call: CallContext) -> None:
    seen: list[str] = []
    host = host_of(
        a=before(lambda call: seen.append("a")), b=failing(OSError()), c=before(lambda call: seen.append("c"))
    )
    for _, run in host.call_hooks().before_call:
        run(call=call)
    assert seen == ["c", "a"]


def test_interrupts_are_not_swallowed(call: CallContext) -> None:
    def interrupt(call: CallContext) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        host_of(mine=before(interrupt)).call_hooks().before_call[0].run(call=call)


def test_a_strict_host_lets_a_failing_hook_break_the_call(call: CallContext) -> None:
    host = PluginHost((), strict=True)
    host.register(failing(ValueError("boom")), "mine", "call")
    with pytest.raises(PluginLoadError, match="ValueError: boom"):
        host.call_hooks().before_call[0].run(call=call)


def test_the_applications_own_observers_are_guarded_alike(call: CallContext, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[object] = []
    host = PluginHost.empty()
    hooks = host.call_hooks(before=seen.append, after=lambda result: 1 / 0)
    hooks.before_call[0].run(call=call)
    hooks.after_call[0].run(call=call, result="result")
    assert seen == [call]
    assert str(host.failures[0]) == (
        "plugin 'on_after_call' (this program) failed to handle a call: "
        "llmhub_after_call: ZeroDivisionError: division by zero. Mend it where the program gives it."
    )
    assert hooks.on_attempt == ()
    assert len(caplog.records) == 1


def test_the_applications_observer_may_refuse_a_call(call: CallContext) -> None:
    def refuse(call: CallContext) -> None:
        raise CallRefused("not today")

    with pytest.raises(CallRefused):
        PluginHost.empty().call_hooks(before=refuse).before_call[0].run(call=call)


def test_an_async_observer_is_refused_before_any_call() -> None:
    async def observe(call: CallContext) -> None: ...

    for wrong in (observe, "print"):
        with pytest.raises(TypeError, match=r"on_before_call must be a plain function"):
            PluginHost.empty().call_hooks(before=wrong)  # type: ignore[arg-type]
