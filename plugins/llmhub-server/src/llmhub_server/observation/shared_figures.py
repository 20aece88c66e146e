"""The folder in which several workers keep their figures, for whoever begins and ends them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client looks at it when it is imported, and at no other time: it is set before a worker begins."""


@contextmanager
def shared_figures(environ: MutableMapping[str, str]) -> Iterator[None]:
    """Within it workers that begin with *environ* keep their figures in one folder. One that is named already stays."""
    if environ.get(FOLDER_VARIABLE):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="llmhub-figures-", ignore_cleanup_errors=True) as folder:
        environ[FOLDER_VARIABLE] = folder
        yield


def forget_worker(process: int, environ: Mapping[str, str]) -> None:
    """The worker with that process id has ended: what was true of it while it lived is so no longer. Counts stay."""
    from prometheus_client.multiprocess import mark_process_dead

    if folder := environ.get(FOLDER_VARIABLE):
        mark_process_dead(process, folder)  # type: ignore[no-untyped-call]
