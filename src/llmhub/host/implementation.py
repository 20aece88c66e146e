"""What is checked of a plugin's hook implementations before any of them is believed.

pluggy accepts an unknown hook name without a word, does not see a function whose marker was forgotten, and stops at
the first wrong argument; an author would learn of these only by nothing happening. Here all faults are told at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from llmhub import hookspecs
from llmhub.errors import nearest

if TYPE_CHECKING:
    import pluggy

    from llmhub.records.plugins import PluginKind

KIND_OF: dict[str, PluginKind] = {
    hook: kind  # type: ignore[misc]  # the keys of HOOKS_BY_KIND are the kinds
    for kind, hooks in hookspecs.HOOKS_BY_KIND.items()
    for hook in hooks
}


def faults(instance: object, kinds: Collection[PluginKind], manager: pluggy.PluginManager) -> Iterator[str]:
    """All that keeps *instance* from being a plugin of *kinds*, each in one sentence without its full stop."""
    for name in dir(instance):
        options = manager.parse_hookimpl_opts(instance, name)
        if options is None:
            yield from _faults_of_unmarked(instance, name)
            continue
        hook = options.get("specname") or name
        if hook in KIND_OF:
            yield from _faults_of_marked(hook, getattr(instance, name), options, kinds)
        elif not options.get("optionalhook"):
            yield f"{hook} is no hook of LLM Hub{_did_you_mean(hook)}"


def accepted_arguments(function: Callable[..., object], offered: Collection[str]) -> tuple[str, ...]:
    """Which of the *offered* keyword arguments *function* wants: an implementation may leave any out."""
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return tuple(offered)
    wanted = {parameter.name for parameter in parameters}
    return tuple(name for name in offered if name in wanted)


def arguments_of(hook: str) -> tuple[str, ...]:
    """The arguments of *hook*, as its specification names them."""
    return tuple(inspect.signature(getattr(hookspecs, hook)).parameters)


def _faults_of_unmarked(instance: object, name: str) -> Iterator[str]:
    if not name.startswith("llmhub_") or not inspect.isroutine(inspect.getattr_static(instance, name)):
        return
    if name in KIND_OF:
        yield f"{name} is not marked: put @llmhub.hookimpl above it"
    elif close := nearest(name.removeprefix("llmhub_"), [hook.removeprefix("llmhub_") for hook in KIND_OF]):
        yield f"{name} is neither marked nor a hook of LLM Hub; did you mean @llmhub.hookimpl above llmhub_{close}?"


def _faults_of_marked(
    hook: str, function: Callable[..., object], options: Mapping[str, Any], kinds: Collection[PluginKind]
) -> Iterator[str]:
    kind = KIND_OF[hook]
    if kind not in kinds:
        yield f"{hook} would never be called: name the plugin in the entry-point group llmhub.{kind}, too"
    if options.get("wrapper") or options.get("hookwrapper"):
        # Every implementation is guarded by itself, so that one cannot break another; a wrapper holds several at once.
        yield f"{hook} is a wrapper, and LLM Hub calls none: use tryfirst or trylast"
    elif inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield f"{hook} is async, and hooks are called as plain functions: write def, not async def"
    elif inspect.isgeneratorfunction(function):
        yield f"{hook} is a generator: return a list, do not yield"
    offered = arguments_of(hook)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.POSITIONAL_ONLY:
            yield f"{hook} takes {parameter.name!r} by position only, and hook arguments are passed by keyword"
        elif _is_required(parameter) and parameter.name not in offered:
            close = nearest(parameter.name, offered)
            meant = f"; did you mean {close!r}?" if close else ""
            yield f"{hook} is never given {parameter.name!r}, only {', '.join(offered) or 'no arguments'}{meant}"


def _is_required(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind in (
        parameter.POSITIONAL_OR_KEYWORD,
        parameter.KEYWORD_ONLY,
    )


def _did_you_mean(hook: str) -> str:
    close = nearest(hook, sorted(KIND_OF))
    return f"; did you mean {close}?" if close else ""
