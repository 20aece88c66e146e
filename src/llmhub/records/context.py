"""What the core hands a plugin, so that it needs no import of the core's own rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from attrs import field, frozen

from llmhub.records.problems import Problem

OVERRIDES_NAME = "llmhub.overrides.yaml"
"""What a project knows better than the sources, beside its spec or configuration."""
OVERRIDES_VARIABLE = "LLMHUB_OVERRIDES"
"""Names another file in its place."""


class FetchJson(Protocol):
    """Fetches a JSON document and keeps the last good copy of it.

    `url` is http(s) or file. `accept` is called with the parsed document and the last good one (`None` when there is
    none), and raises `ValueError` with a reason when the new one is not what it should be; then, and when the network
    fails, the last good copy is returned instead. Raises `llmhub.errors.SourceError` when there is none.
    """

    def __call__(self, url: str, *, accept: Callable[[Any, Any], None]) -> Fetched: ...


@frozen(kw_only=True)
class Fetched:
    """A document with where and when it came from. `stale_reason` says why it is not fresh; empty when it is."""

    document: Any = field(repr=False)
    url: str
    fetched_at: str
    last_modified: str | None = None
    stale_reason: str = ""


@frozen(kw_only=True)
class YamlFile:
    """A file that people write: its content, what is wrong with its syntax, and where in it a value stands.

    `place` gives line and column, from 1, of the value at a path of keys and positions, or of its nearest ancestor.
    """

    file: str
    value: Mapping[str, Any] = field(repr=False)
    place: Callable[[tuple[str | int, ...]], tuple[int, int]] = field(repr=False)
    problems: tuple[Problem, ...] = ()


@frozen(kw_only=True)
class SourceContext:
    """What a catalog source works with: environment, clock, network, the user's files, and a way to tell progress.

    `offline` is true under `LLMHUB_OFFLINE=1`: a source then answers from what it has, or with no records.
    `price_ratio` and `providers` come from the spec; an empty `providers` means: all. `config_dir` holds the user's own
    files, `working_dir` lies in the project at hand; `read_yaml` raises `llmhub.errors.ConfigError` when a file cannot
    be read. Each of the three is `None` where there is none.
    """

    environ: Mapping[str, str] = field(repr=False)
    now: Callable[[], datetime]
    fetch_json: FetchJson
    progress: Callable[[str], None]
    offline: bool = False
    providers: tuple[str, ...] = ()
    config_dir: Path | None = None
    working_dir: Path | None = None
    read_yaml: Callable[[Path], YamlFile] | None = None


@frozen(kw_only=True)
class CheckContext:
    """What a doctor check works with. `network` is false when the user asked for none."""

    project_dir: Path
    environ: Mapping[str, str] = field(repr=False)
    environment: str | None = None
    network: bool = True
