"""One writer at a time, over real processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmhub.catalog.lock import only_writer
from llmhub.errors import CatalogError

HOLDER = """
import sys
from pathlib import Path
from llmhub.catalog.lock import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has the lock until its input closes."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "catalog.json")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_while_one_process_writes_another_waits_and_then_says_so(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    began = time.monotonic()
    with (
        pytest.raises(CatalogError, match=r"another process has been writing .*catalog\.json for 0\.3 s"),
        only_writer(tmp_path / "catalog.json", patience=0.3),
    ):
        pass
    assert time.monotonic() - began >= 0.3


def test_who_waits_gets_it_as_soon_as_the_other_has_done(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    holder.communicate("")
    with only_writer(tmp_path / "catalog.json", patience=5):
        pass


def test_a_process_that_is_killed_lets_go_of_it(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    holder.kill()
    holder.wait()
    with only_writer(tmp_path / "catalog.json", patience=5):
        pass


def test_it_is_let_go_of_after_an_error_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "catalog.json"
    with pytest.raises(ZeroDivisionError), only_writer(path):
        raise ZeroDivisionError
    with only_writer(path, patience=0.1):
        assert path.parent.is_dir()


def test_where_no_lock_can_be_made_the_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("a file, where a folder should be")
    with pytest.raises(CatalogError, match="cannot write"), only_writer(tmp_path / "in-the-way" / "catalog.json"):
        pass
