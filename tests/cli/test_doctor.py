"""`llmhub doctor` finds what is wrong, says how to mend it, and ends with the right code."""

import email.utils
import json
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from llmhub import Hub
from llmhub.catalog import Catalog
from llmhub.cli.commands.doctor import clock, facts, keys, models, versions
from llmhub.cli.commands.doctor.examined import Examined
from llmhub.records.config import HubConfig, RoleConfig
from llmhub.records.model import CanonicalModel, CatalogStatistics, SourceState
from llmhub.testing import ProviderServer

Run = Callable[..., subprocess.CompletedProcess[str]]
Doctor = Callable[..., list[dict[str, Any]]]
ONLINE = {"LLMHUB_OFFLINE": "0"}


@pytest.fixture
def doctor(run: Run) -> Callable[..., list[dict[str, Any]]]:
    """Runs `llmhub doctor --json` and returns its findings, with the exit code as the last one."""

    def doctor(*arguments: str, **environment: str) -> list[dict[str, Any]]:
        done = run("doctor", "--json", *arguments, **environment)
        assert "Traceback" not in done.stderr
        return [*json.loads(done.stdout), {"check": "exit code", "code": done.returncode}]

    return doctor


def of(findings: list[dict[str, Any]], check: str, *severities: str) -> list[str]:
    wanted = severities or ("ok", "warning", "error")
    return [one["message"] for one in findings if one["check"] == check and one["severity"] in wanted]


def code(findings: list[dict[str, Any]]) -> int:
    found: int = findings[-1]["code"]
    return found


def test_a_project_in_order_has_no_errors_and_every_role_answers(
    doctor: Callable[..., list[dict[str, Any]]], config: Path, keys: dict[str, str]
) -> None:
    found = doctor("--yes", **ONLINE, **keys)
    assert [one for one in found[:-1] if one["severity"] == "error"] == []
    assert len(of(found, "calls", "ok")) == 3
    assert all("answered in" in message for message in of(found, "calls"))
    assert of(found, "keys", "ok") == [
        "openai: OPENAI_API_KEY is set, in the environment",
        "anthropic: ANTHROPIC_API_KEY is set, in the environment",
    ]
    assert of(found, "clock", "ok")[0].startswith("agrees with http://127.0.0.1")
    assert code(found) == 0


def test_without_network_nobody_is_contacted(
    doctor: Callable[..., list[dict[str, Any]]], config: Path, keys: dict[str, str], provider_server: ProviderServer
) -> None:
    before = provider_server.counts.connections_accepted
    found = doctor("--no-network", "--yes", **ONLINE, **keys)
    assert provider_server.counts.connections_accepted == before
    assert not {"providers", "clock", "calls"} & {one["check"] for one in found}


def test_no_role_is_called_unasked(
    doctor: Callable[..., list[dict[str, Any]]], config: Path, keys: dict[str, str]
) -> None:
    assert of(doctor(**ONLINE, **keys), "calls") == ["3 roles not called: `llmhub doctor --yes` or `llmhub test` does"]


def test_a_folder_without_a_project_is_the_users_to_mend(doctor: Callable[..., list[dict[str, Any]]]) -> None:
    found = doctor()
    assert of(found, "files", "error")[0].startswith("no llmhub.spec.yaml and no llmhub.yaml in ")
    assert code(found) == 1


def test_every_problem_of_an_invalid_file_is_told(doctor: Callable[..., list[dict[str, Any]]], project: Path) -> None:
    (project / "llmhub.yaml").write_text("project: x\nroles: {a: {provider: opnai, modell: m}}\n", encoding="utf-8")
    found = doctor()
    (message,) = of(found, "files", "error")
    assert [word for word in ("'openai'", "'model'", "llmhub.yaml:2") if word not in message] == []
    assert code(found) == 1


def test_a_spec_that_changed_after_generate_is_a_warning(run: Run, spec: Path, keys: dict[str, str]) -> None:
    assert run("generate", "--yes", **keys).returncode == 0
    spec.write_text(spec.read_text(encoding="utf-8").replace("quality: high", "quality: low"), encoding="utf-8")
    told = run("doctor", "--no-network", **keys)
    assert "the spec has changed since llmhub.yaml was made from it" in told.stdout
    assert told.returncode == 0


def test_a_missing_key_is_named_and_a_key_is_never_shown(run: Run, config: Path, keys: dict[str, str]) -> None:
    told = run("doctor", "--no-network", OPENAI_API_KEY="'sk-ant-secret-of-mine'", ANTHROPIC_API_KEY="")
    assert "openai: OPENAI_API_KEY, from the environment, has quotation marks around it" in told.stdout
    assert "anthropic: ANTHROPIC_API_KEY is not set" in told.stdout
    assert "secret-of-mine" not in told.stdout + told.stderr
    assert told.returncode == 1


@pytest.mark.parametrize(
    ("value", "provider", "fault"),
    [
        ("sk-proj-0123456789abcdef", "openai", None),
        ("sk-ant-0123456789abcdef", "anthropic", None),
        ("sk-ant-0123456789abcdef", "openai", "looks like a key of anthropic"),
        ("gsk_0123456789abcdef", "xai", "looks like a key of groq"),
        ("AIzaSy0123456789", "vertexai", None),
        (" sk-0123", "openai", "begins or ends with a space or a line break"),
        ("sk-0123\n", "openai", "begins or ends with a space or a line break"),
        ("sk 0123", "openai", "has a space or a line break in it"),
        ('"sk-0123"', "openai", "has quotation marks around it that became part of it"),
        ("your-api-key-here", "openai", "is a placeholder, not a key"),
        ("<key>", "openai", "is a placeholder, not a key"),
        ("sk-...", "openai", "is a placeholder, not a key"),
        ("sk-01–23", "openai", "has characters that no key has"),
    ],
)
def test_the_shape_of_a_key_tells_some_mistakes(value: str, provider: str, fault: str | None) -> None:
    assert keys.misshape(value, provider) == fault


def test_an_env_file_that_others_can_read_is_closed_by_fix(run: Run, project: Path, config: Path) -> None:
    env_file = project / ".env"
    env_file.write_text("OPENAI_API_KEY=sk-loopback-1\nANTHROPIC_API_KEY=sk-loopback-2\n", encoding="utf-8")
    env_file.chmod(0o644)
    assert "can be read by other users" in run("doctor", "--no-network").stdout
    fixed = run("doctor", "--no-network", "--fix")
    assert "fixed: " in fixed.stderr
    assert "is for you alone" in fixed.stdout
    assert env_file.stat().st_mode & 0o777 == 0o600


def test_an_env_file_in_git_is_an_error(run: Run, project: Path, config: Path, keys: dict[str, str]) -> None:
    (project / ".env").write_text("OTHER=1\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "add", ".env"], cwd=project, check=True)
    told = run("doctor", "--no-network", **keys)
    assert ".env is under version control" in told.stdout
    assert told.returncode == 1


def test_fix_names_missing_keys_in_the_example(run: Run, spec: Path, project: Path) -> None:
    run("doctor", "--no-network", "--fix")
    assert (project / ".env.example").read_text(encoding="utf-8").splitlines()[1:] == [
        "OPENAI_API_KEY=",
        "ANTHROPIC_API_KEY=",
    ]


def test_a_refused_key_is_the_users_and_a_provider_that_is_down_is_not(
    doctor: Callable[..., list[dict[str, Any]]], config: Path, keys: dict[str, str], provider_server: ProviderServer
) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(provider_server.openai_base, "http://127.0.0.1:9/v1"), encoding="utf-8")
    found = doctor(**ONLINE, **keys)
    assert any(message.startswith("openai: ") for message in of(found, "providers", "error"))
    assert code(found) == 3


def test_a_model_the_provider_does_not_list_is_a_warning(
    doctor: Callable[..., list[dict[str, Any]]], config: Path, keys: dict[str, str]
) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("gpt-4o-mini", "gpt-4o-minni"), encoding="utf-8")
    found = doctor(**ONLINE, **keys)
    assert "openai does not list gpt-4o-minni, which a role uses" in of(found, "providers", "warning")


def test_a_deprecated_model_in_use_is_a_warning_with_its_successor() -> None:
    def model(name: str, released: str, status: str | None) -> CanonicalModel:
        return CanonicalModel(
            canonical_id=f"openai:{name}", provider="openai", model_id=name, release_date=released, status=status
        )

    known = (model("gpt-4.1", "2025-04-14", "deprecated"), model("gpt-5.1", "2025-11-13", None))
    catalog = Catalog(models={one.canonical_id: one for one in known}, statistics=CatalogStatistics(quantiles={}))
    config = HubConfig(
        project="x",
        roles={
            "old": RoleConfig(provider="openai", model="gpt-4.1"),
            "new": RoleConfig(provider="openai", model="gpt-5.1"),
            "odd": RoleConfig(provider="openai", model="gpt-0"),
        },
    )
    found = models.check(Examined(folder=Path(), config=config, catalog=catalog, environ={}, outside={}))
    assert [(one.severity, one.message) for one in found] == [
        ("warning", "openai:gpt-4.1 is deprecated. Its line goes on with openai:gpt-5.1."),
        ("warning", "openai:gpt-0 is in no source of the catalog: misspelt, very new, or private"),
        ("ok", "live: openai:gpt-5.1"),
    ]


def test_what_a_source_could_not_do_is_told_once() -> None:
    catalog = Catalog(
        models={},
        statistics=CatalogStatistics(quantiles={}),
        sources=(SourceState(name="lmarena", ok=False, detail="cannot be reached"),),
        warnings=("lmarena: cannot be reached", "something else"),
        built_at=datetime.now(UTC).isoformat(),
    )
    found = facts.check(Examined(folder=Path(), config=None, catalog=catalog, environ={}, outside={}))
    assert [one.message for one in found if one.severity == "warning"] == [
        "source lmarena had nothing to give: cannot be reached",
        "something else",
    ]


def test_the_any_llm_that_suits_is_the_one_pyproject_asks_for() -> None:
    pyproject = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    (stated,) = (one for one in pyproject["project"]["dependencies"] if one.startswith("any-llm-sdk"))
    assert stated == f"any-llm-sdk>={'.'.join(map(str, versions.FLOOR))},<2"
    assert [versions.suits(one) for one in ("1.40.1", "1.40.2", "1.99.0", "2.0.0")] == [False, True, True, False]


@contextmanager
def server_that_thinks_it_is(seconds_off: float) -> Iterator[str]:
    """A real HTTP server on 127.0.0.1 whose clock is off."""

    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return email.utils.formatdate(time.time() + seconds_off, usegmt=True)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_clock_that_is_off_is_measured() -> None:
    with server_that_thinks_it_is(-600) as address:
        assert clock.measure(address) == pytest.approx(600, abs=30)
    assert clock.measure(address) is None, "nobody answers there any more"


def test_the_findings_are_readable_as_a_page(run: Run, config: Path, keys: dict[str, str]) -> None:
    told = run("doctor", "--no-network", **keys)
    assert told.stdout.startswith("versions\n  ok     llmhub ")
    assert told.stdout.endswith("warning.\n") or told.stdout.endswith("All is well.\n")


class TestTheLedger:
    """The record of calls, and the budgets over it."""

    def test_before_the_first_call_there_is_nothing_to_see_and_nothing_is_made(
        self, doctor: Doctor, config: Path, keys: dict[str, str], tmp_path: Path
    ) -> None:
        assert of(doctor("--no-network", **keys), "ledger") == ["no calls are recorded yet"]
        assert not list((tmp_path / "cache").glob("ledger*"))

    def test_calls_are_counted_unpriced_ones_named_and_a_used_up_budget_told(
        self, doctor: Doctor, config: Path, keys: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        budget = "budgets: {all: {limit: 0.000001, window: total, on_exceed: warn}}\n"
        role = "  unpriced: {provider: openai, model: unheard-of}\n"
        config.write_text(config.read_text(encoding="utf-8") + role + budget, encoding="utf-8")
        with Hub(config) as hub:
            for role in ("llm.answers", "unpriced"):
                hub.completion(role, [{"role": "user", "content": "Hello there"}])
        found = doctor("--no-network", **keys)
        assert of(found, "ledger", "ok") == ["sqlite can be written: 2 calls of shop in 30 days"]
        unpriced, used_up = of(found, "ledger", "warning")
        assert unpriced == "calls whose price nobody knows: 1 of openai:unheard-of"
        assert used_up.startswith("budget 'all' (all calls) is used up: 0.0000")

    def test_one_that_cannot_be_opened_is_an_error_with_the_file(
        self, doctor: Doctor, config: Path, keys: dict[str, str], tmp_path: Path
    ) -> None:
        folder = tmp_path / "cache"
        folder.mkdir(exist_ok=True)
        (folder / "ledger.db").write_bytes(b"this is no database" * 100)
        found = doctor("--no-network", **keys)
        (message,) = of(found, "ledger", "error")
        assert "file is not a database" in message
        assert code(found) == 1
