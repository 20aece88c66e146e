"""Keys: found in the environment or in `.env`, missed by name, never shown."""

import json
import logging
import os
import subprocess
import sys
import time

import pytest

from llmhub.config.env_file import load_env_file, load_named_env_file
from llmhub.config.keys import missing_keys
from llmhub.errors import ConfigError
from llmhub.records.config import HubConfig, ProviderConfig, RoleConfig, TargetConfig

DEFAULTS = {"openai": ("OPENAI_API_KEY",), "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY")}


def config(*providers: str, **declared: ProviderConfig) -> HubConfig:
    roles = {f"r{number}": RoleConfig(provider=name, model="m") for number, name in enumerate(providers)}
    return HubConfig(project="p", roles=roles, providers=declared)


@pytest.mark.parametrize(
    ("used", "environ", "missing"),
    [
        (config("openai"), {}, {"openai": "OPENAI_API_KEY"}),
        (config("openai"), {"OPENAI_API_KEY": ""}, {"openai": "OPENAI_API_KEY"}),
        (config("openai"), {"OPENAI_API_KEY": "k"}, {}),
        (config("gemini"), {"GOOGLE_API_KEY": "k"}, {}),
        (config("gemini", "openai"), {}, {"gemini": "GEMINI_API_KEY", "openai": "OPENAI_API_KEY"}),
        (config("openai", openai=ProviderConfig(env_key="MINE")), {"OPENAI_API_KEY": "k"}, {"openai": "MINE"}),
        (config("openai", openai=ProviderConfig(api_base="http://h")), {}, {"openai": "OPENAI_API_KEY"}),
        (config("mine", mine=ProviderConfig(type="openai", api_base="http://h")), {}, {}),
        (config("mine", mine=ProviderConfig(api_base="http://h", env_key="MINE")), {}, {"mine": "MINE"}),
        (config("ollama"), {}, {}),
        (config(openai=ProviderConfig(env_key="UNUSED")), {}, {}),
    ],
)
def test_only_keys_of_providers_in_use_are_missed(used, environ, missing):
    assert missing_keys(used, environ, DEFAULTS) == missing


def test_defaults_and_fallbacks_are_uses_too():
    used = HubConfig(
        project="p",
        roles={"r": RoleConfig(provider="ollama", model="m", fallbacks=(TargetConfig(provider="gemini", model="m"),))},
        defaults=RoleConfig(provider="openai", model="m"),
    )
    assert missing_keys(used, {}, DEFAULTS) == {"gemini": "GEMINI_API_KEY", "openai": "OPENAI_API_KEY"}


# --- .env


def test_what_the_file_says_is_added_and_named(tmp_path):
    (tmp_path / ".env").write_text("# keys\nexport A=1\nB='two words'\nC=\"x\\ny\"\nD=\nE\n\n", encoding="utf-8-sig")
    environ: dict[str, str] = {}
    assert load_env_file(tmp_path, environ) == ("A", "B", "C", "D")
    assert environ == {"A": "1", "B": "two words", "C": "x\ny", "D": ""}


def test_what_is_set_is_never_overridden_even_when_empty(tmp_path):
    (tmp_path / ".env").write_text("A=file\nB=file\nC=file\n")
    environ = {"A": "shell", "B": ""}
    assert load_env_file(tmp_path, environ) == ("C",)
    assert environ == {"A": "shell", "B": "", "C": "file"}


@pytest.mark.parametrize("environ", [{}, {"A": "shell"}])
def test_references_are_filled_in_as_python_dotenv_does(tmp_path, environ):
    path = tmp_path / ".env"
    path.write_text("A=file\nB=${A}/b\nC=${NONE:-fallback}\nD='$A'\n")
    ours = dict(environ)
    load_env_file(tmp_path, ours)
    program = "import dotenv, os, sys, json; dotenv.load_dotenv(sys.argv[1]); print(json.dumps(dict(os.environ)))"
    ran = subprocess.run([sys.executable, "-c", program, str(path)], env=environ, capture_output=True, check=True)
    theirs = json.loads(ran.stdout)
    assert ours == {name: theirs[name] for name in ours}
    assert ours["B"] == ours["A"] + "/b"


def test_malformed_lines_are_passed_over_with_a_warning_that_shows_no_value(tmp_path, caplog):
    (tmp_path / ".env").write_text("A=1\nsk-secret is not a line\nB='unclosed-secret\nC=3\n")
    environ: dict[str, str] = {}
    with caplog.at_level(logging.WARNING):
        load_env_file(tmp_path, environ)
    assert environ["A"] == "1"
    assert "secret" not in caplog.text
    assert f"{tmp_path / '.env'}:2: not a NAME=value line" in caplog.text


@pytest.mark.parametrize("content", [None, b""])
def test_no_file_or_an_empty_one_costs_no_import(tmp_path, content):
    if content is not None:
        (tmp_path / ".env").write_bytes(content)
    program = (
        "import sys, pathlib; from llmhub.config.env_file import load_env_file\n"
        "assert load_env_file(pathlib.Path(sys.argv[1]), {}) == ()\n"
        "assert not {'dotenv', 'logging'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)


def test_a_virtual_environment_named_env_is_left_alone(tmp_path):
    (tmp_path / ".env").mkdir()
    assert load_env_file(tmp_path, {}) == ()


def test_a_file_that_cannot_be_read_is_a_warning_and_no_failure(tmp_path, caplog):
    path = tmp_path / ".env"
    path.write_bytes(b"A=\xff\xfe")
    assert load_env_file(tmp_path, {}) == ()
    assert "not UTF-8" in caplog.text
    path.write_text("A=1")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("the unreadable half: this user may read every file")
    assert load_env_file(tmp_path, {}) == ()
    assert "permission denied" in caplog.text


def test_a_line_with_a_null_byte_which_no_environment_holds_makes_no_sense(tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("GOOD", raising=False)
    (tmp_path / ".env").write_text('A\0B=1\nGOOD=2\nC="x\0"\n')
    try:
        assert load_env_file(tmp_path, os.environ) == ("GOOD",)
        assert [record.message.rpartition(":")[0][-2:] for record in caplog.records] == [":1", ":3"]
    finally:
        os.environ.pop("GOOD", None)
    with pytest.raises(ConfigError, match="not NAME=value in lines 1, 3"):
        load_named_env_file(tmp_path / ".env", {})


def test_values_that_fill_one_another_in_without_end_are_passed_over(tmp_path, caplog):
    lines = ["A=xxxxxxxxxx", *(f"{chr(66 + at)}=${{{chr(65 + at)}}}${{{chr(65 + at)}}}" for at in range(24)), "LAST=1"]
    (tmp_path / ".env").write_text("\n".join(lines))
    environ: dict[str, str] = {}
    load_env_file(tmp_path, environ)
    assert len(environ["L"]) == 10 * 2**11
    assert ("M" in environ, environ["LAST"]) == (False, "1")
    assert "13: not a NAME=value line" in caplog.text


@pytest.mark.parametrize(
    "text", ["A=" + "x" * 10_000_000, "A=1\n" * 200_000 + "B=" + "${" * 20_000, "A=" + "${" * 90_000]
)
def test_a_file_of_any_size_is_read_or_passed_over_in_seconds(tmp_path, text):
    (tmp_path / ".env").write_text(text)
    began = time.perf_counter()
    environ: dict[str, str] = {}
    load_env_file(tmp_path, environ)
    assert len(environ.get("A", "")) < 40_000
    assert time.perf_counter() - began < 30
