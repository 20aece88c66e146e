"""Runs catalog sources side by side, each on a thread of its own and for a limited time."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from attrs import field, frozen

from llmhub.errors import HubError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad, SourceState
from llmhub.records.secrets import Secrets


@frozen(kw_only=True)
class LoadedSource:
    """One source with what it gave (nothing, if it failed) and how it stood."""

    source: CatalogSource
    load: SourceLoad = field(factory=SourceLoad)
    problem: str = ""
    note: str = ""

    @property
    def state(self) -> SourceState:
        """How the source stood, for the catalog."""
        return SourceState(
            name=self.source.name,
            ok=not self.problem,
            records=len(self.load.records),
            as_of=self.load.as_of,
            fetched_at=self.load.fetched_at,
            detail=self.problem or self.note or "; ".join((*self.load.warnings, *_left_out(self.load))),
            attribution=self.source.attribution,
            quarantined=len(self.load.quarantined),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about it."""
        told = (self.problem, *self.load.warnings) if self.problem else self.load.warnings
        return tuple(f"{self.source.name}: {warning}" for warning in told)


def run_sources(
    sources: Sequence[CatalogSource], context: SourceContext, time_limit: float
) -> tuple[LoadedSource, ...]:
    """All of *sources*, in their order. Stand-ins run last, and only for those that gave no records."""
    first = [source for source in sources if source.stands_in_for is None]
    loaded = {one.source.name: one for one in _run(first, context, time_limit)}
    for source in sources:
        if source.stands_in_for is None:
            continue
        served = loaded.get(source.stands_in_for)
        if served is not None and served.load.records:
            loaded[source.name] = LoadedSource(source=source, note=f"not needed: {source.stands_in_for} answered")
        else:
            loaded.update({one.source.name: one for one in _run([source], context, time_limit)})
    return tuple(loaded[source.name] for source in sources)


def _run(sources: Sequence[CatalogSource], context: SourceContext, time_limit: float) -> Sequence[LoadedSource]:
    results: dict[str, LoadedSource] = {}
    # Daemons, because a source that hangs past its limit must not keep the program from ending.
    threads = {
        source.name: threading.Thread(
            target=lambda source=source: results.__setitem__(source.name, _load(source, context)),
            name=f"llmhub-source-{source.name}",
            daemon=True,
        )
        for source in sources
    }
    deadline = time.monotonic() + time_limit
    for thread in threads.values():
        thread.start()
    for thread in threads.values():
        thread.join(max(0.0, deadline - time.monotonic()))
    in_time = dict(results)
    return [
        in_time.get(source.name) or LoadedSource(source=source, problem=f"no answer within {time_limit:g} s")
        for source in sources
    ]


def _load(source: CatalogSource, context: SourceContext) -> LoadedSource:
    context.progress(f"{source.name}: loading")
    try:
        load: object = source.load(context)
        if not isinstance(load, SourceLoad):
            return LoadedSource(source=source, problem=f"gave a {type(load).__name__} instead of a SourceLoad")
    except HubError as error:
        problem = str(error).removeprefix(f"{source.name}: ")
        return LoadedSource(source=source, problem=Secrets.of(context.environ).struck(problem))
    except Exception as error:  # the plugin of a stranger: whatever it raises, the other sources stand
        problem = f"failed with {type(error).__name__}: {error}"
        return LoadedSource(source=source, problem=Secrets.of(context.environ).struck(problem))
    context.progress(f"{source.name}: {len(load.records)} records")
    return LoadedSource(source=source, load=load)


def _left_out(load: SourceLoad) -> tuple[str, ...]:
    count = len(load.quarantined)
    return (f"{count} entries left out, whole or in part; first: {load.quarantined[0]}",) if count else ()
