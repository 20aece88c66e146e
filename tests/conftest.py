"""What every test may ask for: the loopback provider server, the command line, and an environment that is nobody's."""

import contextlib
import importlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def sources_imported() -> None:
    """What catalog sources import on their threads, imported before there are any.

    pytest parses and rewrites every module of a distribution that has a plugin for it, as ours and anyio's have. Two
    parsers at work at the same time can end in "SystemError: AST constructor recursion depth mismatch" (Python 3.11.7).
    """
    for name in ("anyllm", "genai_prices", "lmarena", "models_dev", "overrides", "snapshot"):
        importlib.import_module(f"llmhub.builtin.{name}.source")
    for name in ("httpx", "stamina"):
        importlib.import_module(name)


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No keys, settings, files or local servers of whoever runs the tests."""
    from llmhub.anyllm import discovery
    from llmhub.anyllm.providers import PROVIDERS

    keys = {key for facts in PROVIDERS.values() for key in facts.env_keys}
    for name in list(os.environ):
        if name in keys or name.startswith("LLMHUB_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setattr(discovery, "OWN_PORTS", {})


CommandLine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Runs `llmhub ARGUMENTS` in a folder and an environment, as its process would, but in this one.

    A process of its own takes a second longer, most of it for importing any-llm again. What depends on a terminal, a
    signal or a fresh interpreter is tested with a real process.
    """
    from llmhub.cli import main

    def run(folder: Path, environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
        printed, told = _Pipe(), _Pipe()
        before = dict(os.environ)
        code: object = 0
        with monkeypatch.context() as here, contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
            here.chdir(folder)
            here.setattr(sys, "argv", ["llmhub", *arguments])
            here.setattr(sys, "stdin", io.StringIO())
            os.environ.clear()
            os.environ.update(environ)
            try:
                main()
            except SystemExit as stop:
                code = stop.code
            finally:
                os.environ.clear()
                os.environ.update(before)
        assert isinstance(code, int | None), f"ended with {code!r}"
        return subprocess.CompletedProcess(list(arguments), code or 0, printed.text(), told.text())

    return run


class _Pipe(io.TextIOWrapper):
    """What a process's standard output is where it is no terminal: bytes in UTF-8, behind text."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8", newline="\n", write_through=True)

    def text(self) -> str:
        """All that was written."""
        return self._bytes.getvalue().decode()
