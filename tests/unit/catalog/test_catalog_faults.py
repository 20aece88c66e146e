"""What can go wrong with a refresh, as a table: each time the user keeps a usable catalog and is told what happened.

The server, the files, the processes and the faults are real.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina
from attrs import field, frozen

from llmhub.catalog import Catalog, load_catalog, refresh_catalog
from llmhub.catalog.generations import generations
from llmhub.config.paths import catalog_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCES = ("models_dev", "lmarena", "snapshot")
GOOD_MODELS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4o", "o3", "o4-mini")


def listing(**models: Sequence[str]) -> bytes:
    """A document of models.dev's shape."""
    return json.dumps(
        {
            provider: {"id": provider, "models": {name: {"id": name, "cost": {"input": 1, "output": 4}} for name in of}}
            for provider, of in models.items()
        }
    ).encode()


def board(*names: str) -> bytes:
    """A document of the leaderboard's shape."""
    ratings = {name: {"rating": 1400, "rating_q025": 1390, "rating_q975": 1410} for name in names}
    return json.dumps({"full": ratings}).encode()


GOOD = listing(openai=GOOD_MODELS, anthropic=("claude-opus-4-5", "claude-sonnet-4-5"), google=("gemini-2.5-pro",))
BOARD = board("gpt-4.1-2025-04-14", "o3-2025-04-16", "gemini-2.5-pro")
BOARD_PAGE = "/arena/leaderboard-text-style-control.json"


@frozen(kw_only=True)
class User:
    """Someone with a good catalog of yesterday, and a server to fetch the next one from."""

    folder: Path
    server: Any
    environ: dict[str, str] = field(factory=dict)
    progress: list[str] = field(factory=list)

    def refresh(self, now: datetime = NOW) -> Catalog:
        return refresh_catalog(self.environ, sources=SOURCES, now=lambda: now, progress=self.progress.append)

    def load(self, now: datetime = NOW) -> Catalog:
        return load_catalog(self.environ, sources=SOURCES, now=lambda: now)

    @property
    def file(self) -> Path:
        return catalog_file(self.environ)


@pytest.fixture(autouse=True)
def no_waiting_between_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def user(tmp_path: Path, document_server: Any) -> User:
    document_server.body = b"{}"  # no benchmarks
    document_server.pages = {"/api.json": GOOD, BOARD_PAGE: BOARD}
    document_server.headers = {"ETag": '"yesterday"'}
    folder = tmp_path / "llmhub"
    origin = document_server.url.removesuffix("/api.json")
    user = User(
        folder=folder,
        server=document_server,
        environ={
            "LLMHUB_CACHE_DIR": str(folder),
            "LLMHUB_MODELS_DEV_URL": document_server.url,
            "LLMHUB_ARENA_URL": f"{origin}/arena",
        },
    )
    assert user.refresh(NOW - timedelta(days=1)).warnings == ()
    document_server.headers = {"ETag": '"today"'}
    document_server.requests.clear()
    user.progress.clear()
    return user


def assert_usable(catalog: Catalog) -> None:
    """It answers, with all the models there were, and what was known of them."""
    assert {f"openai:{name}" for name in GOOD_MODELS} <= set(catalog.models)
    model = catalog.lookup("gpt-4.1")
    assert model is not None
    assert (model.price_output_per_million, model.arena_score) == (4.0, 1400.0)


# --- the network and what comes from it -------------------------------------------------------------------------------


def serving(page: bytes) -> Callable[[User], None]:
    return lambda user: user.server.pages.update({"/api.json": page})


def failing(status: int) -> Callable[[User], None]:
    return lambda user: setattr(user.server, "fails", status)


def unknown_host(user: User) -> None:
    user.environ["LLMHUB_MODELS_DEV_URL"] = "http://models.invalid/api.json"
    user.environ["LLMHUB_ARENA_URL"] = "http://arena.invalid"


HALF = listing(openai=GOOD_MODELS[:2], anthropic=("claude-opus-4-5",), google=("gemini-2.5-pro",))
COPY = r"using the copy of 2026-11-22T12:00:00\+00:00 \(.*downloads.*\.json\)"

FAULTS: dict[str, tuple[Callable[[User], None], str]] = {
    # fault: how it comes about, and what the user is told of it
    "no network": (lambda user: user.server.close(), rf"models_dev: cannot be reached: .*refused; {COPY}"),
    "404": (failing(404), rf"models_dev: the server answered HTTP 404; {COPY}"),
    "500": (failing(500), rf"models_dev: the server failed \(HTTP 500\); {COPY}"),
    "429": (failing(429), rf"models_dev: the server is busy \(HTTP 429\); {COPY}"),
    "truncated body": (lambda user: setattr(user.server, "cut", 7), rf"models_dev: the answer broke off: .*; {COPY}"),
    "truncated on the server": (serving(GOOD[:-7]), rf"models_dev: is not JSON: .*; {COPY}"),
    "HTML": (serving(b"<!doctype html><title>Log in</title>"), rf"models_dev: is not JSON: .*; {COPY}"),
    "JSON of another shape": (serving(b'{"error": "try later"}'), rf"models_dev: lists no models; {COPY}"),
    "a list": (serving(b"[1, 2]"), rf"models_dev: is not models.dev's file: a list, where .*; {COPY}"),
    "models without facts": (
        serving(json.dumps({"openai": {"models": dict.fromkeys(GOOD_MODELS)}}).encode()),
        rf"models_dev: 5 of its 5 models have no facts; {COPY}",
    ),
    "half the models gone": (
        serving(HALF),
        rf"models_dev: lists 4 models where the copy before listed 8 \(.*LLMHUB_ACCEPT_SHRUNK=1 accepts it\); {COPY}",
    ),
    "a major provider gone": (
        serving(listing(openai=GOOD_MODELS, anthropic=("claude-opus-4-5", "claude-sonnet-4-5"))),
        rf"models_dev: no longer lists google .*; {COPY}",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_when_a_download_goes_wrong_the_last_good_copy_serves(user: User, fault: str) -> None:
    arrange, told = FAULTS[fault]
    arrange(user)
    found = user.refresh()
    assert_usable(found)
    assert any(re.fullmatch(told, warning) for warning in found.warnings), found.warnings
    assert_usable(user.load())
    assert user.load().warnings == found.warnings, "who reads it later is told, too"


def test_a_host_that_no_name_server_knows_leaves_the_stored_catalog(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    unknown_host(user)  # of another address there is no copy
    found = user.refresh()
    assert_usable(found)
    assert any("models_dev: http://models.invalid/api.json: cannot be reached" in one for one in found.warnings)
    assert "the catalog of 2026-11-22T12:00:00+00:00 stays: " in found.warnings[-1]
    assert not any("facts that ship" in warning for warning in found.warnings), "they serve nobody here"
    assert {state.name: state.ok for state in found.sources} == {
        "models_dev": False,
        "lmarena": False,
        "snapshot": True,
    }
    assert_usable(user.load())


def test_a_document_that_has_not_changed_is_no_fault_and_counts_as_fetched_today(user: User) -> None:
    user.server.headers = {"ETag": '"yesterday"'}
    found = user.refresh()
    assert_usable(found)
    assert found.warnings == ()
    assert {state.fetched_at for state in found.sources if state.fetched_at} == {"2026-11-23T12:00:00+00:00"}
    assert f"{user.server.url}: not changed" in user.progress
    assert generations(user.environ) == (), "and makes no generation"


def test_an_entry_that_makes_no_sense_is_counted_and_its_model_is_not_taken_for_gone(user: User) -> None:
    document = json.loads(GOOD)
    document["openai"]["models"]["o3"] = "coming soon"
    document["openai"]["models"]["gpt-4o"]["cost"]["input"] = "cheap"
    user.server.pages["/api.json"] = json.dumps(document).encode()
    found = user.refresh()
    assert_usable(found)
    assert found.warnings == ()
    (state,) = (state for state in found.sources if state.name == "models_dev")
    assert state.quarantined == 2
    assert state.detail.startswith("2 entries left out, whole or in part; first: openai/")
    o3, gpt_4o = found.models["openai:o3"], found.models["openai:gpt-4o"]
    assert (o3.retired_on, o3.price_state) == (None, "unknown")
    assert (gpt_4o.price_input_per_million, gpt_4o.price_output_per_million) == (None, 4.0)


def test_a_newcomer_without_network_gets_the_facts_that_ship_and_is_told_their_date(user: User, tmp_path: Path) -> None:
    user.server.close()
    user.environ["LLMHUB_CACHE_DIR"] = str(tmp_path / "new")
    found = user.load()
    assert len(found) > 1000
    assert any("models_dev: http://127.0.0.1" in warning for warning in found.warnings)
    assert any(
        re.search(r"using the facts that ship with LLM Hub, as of \d{4}-\d\d-\d\d", warning)
        for warning in found.warnings
    )


# --- files ------------------------------------------------------------------------------------------------------------

DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "is damaged: "),
    "cut off": (lambda content: content[: len(content) // 2], "is damaged: "),
    "binary": (lambda _: bytes(range(256)), "is damaged: "),
    "of another kind": (lambda _: b'{"models": "none"}', "has format None"),
    "of a later version": (
        lambda content: json.dumps({**json.loads(content), "format": 99}).encode(),
        r"has format 99; this version of LLM Hub reads \d and earlier",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_catalog_that_cannot_be_read_is_set_aside_and_the_one_before_serves(user: User, damage: str) -> None:
    user.server.pages["/api.json"] = listing(
        openai=(*GOOD_MODELS, "gpt-5"), anthropic=("claude-opus-4-5",), google=("gemini-2.5-pro",)
    )
    user.refresh()  # now there is one before
    change, told = DAMAGES[damage]
    damaged = change(user.file.read_bytes())
    user.file.write_bytes(damaged)
    found = user.load()
    assert_usable(found)
    assert re.search(told, found.warnings[0])
    assert f"it is kept as {user.file}.set-aside; the catalog of 2026-11-22" in found.warnings[0]
    assert user.file.with_name("catalog.json.set-aside").read_bytes() == damaged
    assert_usable(user.load())
    assert user.load().warnings == (), "told once; from then on it is the catalog"


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_one_before_a_catalog_is_made_anew(user: User, damage: str) -> None:
    change, told = DAMAGES[damage]
    user.file.write_bytes(change(user.file.read_bytes()))
    found = user.load()
    assert_usable(found)
    assert re.search(told, found.warnings[0])


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system of its own at *folder*, which keeps what was there."""
    content = {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
    if mount.returncode:
        pytest.skip(f"no file system can be mounted here: {mount.stderr.strip()}")
    try:
        for name, each in content.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(each)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> None:
    """Leave no byte free on the file system of *folder*."""
    with contextlib.suppress(OSError), (folder / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"\0" * 4096)


needs_mount = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not sys.platform.startswith("linux"),
    reason="only root on Linux can mount a file system to fill or to protect",
)


@needs_mount
def test_on_a_full_disk_the_new_catalog_serves_and_the_old_one_stays(user: User) -> None:
    before = user.file.read_bytes()
    with mounted(user.folder, "size=2m"):
        fill(user.folder)
        found = user.refresh()
        assert_usable(found)
        assert found.built_at == NOW.isoformat()
        assert any("could not keep a copy of" in one and "no space left" in one for one in found.warnings)
        assert "the catalog could not be kept: " in found.warnings[-1]
        assert "no space left on device" in found.warnings[-1]
        assert user.file.read_bytes() == before
        assert list(user.folder.glob(".*.tmp")) == [], "what was begun is not left there"
        assert_usable(user.load())


@needs_mount
def test_in_a_read_only_folder_the_new_catalog_serves_and_the_old_one_stays(user: User) -> None:
    with mounted(user.folder, "size=2m"):
        subprocess.run(["mount", "-o", "remount,ro", user.folder], check=True)
        found = user.refresh()
        assert_usable(found)
        assert "the catalog could not be kept: " in found.warnings[-1]
        assert "read-only file system" in found.warnings[-1]
        assert_usable(user.load())
        assert user.load().built_at == (NOW - timedelta(days=1)).isoformat()


@needs_mount
def test_a_damaged_catalog_in_a_read_only_folder_is_told_and_another_serves(user: User) -> None:
    user.file.write_text("{")
    with mounted(user.folder, "size=2m"):
        subprocess.run(["mount", "-o", "remount,ro", user.folder], check=True)
        found = user.load()
        assert_usable(found)
        assert "is damaged" in found.warnings[0]
        assert "it could not be set aside" in found.warnings[0]


def test_with_a_file_where_the_folder_should_be_the_new_catalog_serves(user: User, tmp_path: Path) -> None:
    obstacle = tmp_path / "obstacle"
    obstacle.write_text("not a folder")
    user.environ["LLMHUB_CACHE_DIR"] = str(obstacle)
    found = user.refresh()
    assert_usable(found)
    assert any("could not keep a copy of" in warning for warning in found.warnings)
    assert "the catalog could not be kept: cannot write " in found.warnings[-1]
    assert obstacle.read_text() == "not a folder"


# --- processes --------------------------------------------------------------------------------------------------------

WRITER = """
import os, sys
from datetime import date
from attrs import evolve
from llmhub.catalog.keeping import keep
from llmhub.catalog.store import read_catalog
from llmhub.config.paths import catalog_file
from llmhub.records.model import CanonicalModel
stored = read_catalog(catalog_file(os.environ))
many = {
    f"host:m-{n}": CanonicalModel(canonical_id=f"host:m-{n}", provider="host", model_id=f"m-{n}") for n in range(4000)
}
grown = evolve(stored, models={**stored.models, **many})
print("begun", flush=True)
while True:
    keep(grown, os.environ, sources=(), today=date(2026, 11, 23))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_a_process_that_is_killed_while_writing_leaves_a_whole_catalog(user: User) -> None:
    for _ in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER], env={**os.environ, **user.environ}, stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begun\n"
            deadline = time.monotonic() + 20
            while not _drafts(user) and time.monotonic() < deadline:
                pass
            writer.send_signal(signal.SIGKILL)
        assert_usable(user.load())
        if _drafts(user):
            break
    assert _drafts(user), "it was killed with a draft half written"
    found = user.refresh()
    assert_usable(found)
    assert not any("could not be kept" in warning for warning in found.warnings), "its lock died with it"
    assert _drafts(user) == [], "and what it left is swept"


def _drafts(user: User) -> list[Path]:
    return list(user.folder.glob(".catalog.json.*.tmp"))


REFRESHER = """
import sys
from llmhub.catalog import refresh_catalog
sys.stdin.readline()
print(*refresh_catalog(sources=("models_dev", "lmarena", "snapshot")).warnings, sep="\\n")
"""


def test_processes_that_refresh_at_once_leave_one_whole_catalog(user: User, tmp_path: Path) -> None:
    models = {name: (*GOOD_MODELS, f"gpt-of-{name}") for name in ("one", "two", "three")}
    processes = []
    for name, of in models.items():
        mirror = tmp_path / f"{name}.json"
        mirror.write_bytes(listing(openai=of, anthropic=("claude-opus-4-5",), google=("gemini-2.5-pro",)))
        environ = {**os.environ, **user.environ, "LLMHUB_MODELS_DEV_URL": str(mirror)}
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", REFRESHER],
                env=environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], answers
    assert answers == [("\n", "")] * 3, "each was told that all is well"
    found = user.load(datetime.now(UTC))
    assert_usable(found)
    live = {model.model_id for model in found if model.provider == "openai" and model.retired_on is None}
    assert live in [set(of) for of in models.values()], "of one of them, and of no two"
    assert len(generations(user.environ)) == 3, "those that were replaced are kept"
    assert _drafts(user) == []


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode,
    reason="no process without a network can be made here",
)
def test_a_machine_without_any_network_keeps_its_catalog(user: User) -> None:
    done = subprocess.run(
        ["unshare", "-n", sys.executable, "-c", REFRESHER],
        env={**os.environ, **user.environ},
        input="go\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(rf"models_dev: cannot be reached: .*; {COPY}", done.stdout)
    assert_usable(user.load())


# --- the clock --------------------------------------------------------------------------------------------------------


def test_a_clock_that_jumped_back_makes_a_catalog_stale_and_not_eternal(user: User) -> None:
    last_month = NOW - timedelta(days=30)
    served = user.load(last_month)
    assert_usable(served)
    assert served.is_stale(last_month)
    assert served.age(last_month) == timedelta(0)
    assert list(served.warnings) == [
        (
            "the catalog was built at 2026-11-22T12:00:00+00:00, which by the clock of this machine is yet to come; "
            "it is taken for stale"
        )
    ]
    user.server.pages["/api.json"] = listing(
        openai=(*GOOD_MODELS, "gpt-5"), anthropic=("claude-opus-4-5",), google=("gemini-2.5-pro",)
    )
    fresh = user.refresh(last_month)
    assert_usable(fresh)
    assert fresh.warnings == ()
    assert not fresh.is_stale(last_month)
    assert [one.name[:10] for one in generations(user.environ)] == ["2026-11-22"], "what came before is still before"
