"""`llmhub completion`: shells complete commands, options and role names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_printed_with_how_to_use_it(run, shell):
    ended = run("completion", shell)
    assert ended.returncode == 0
    first, *rest = ended.stdout.splitlines()
    assert first.startswith("# ")
    assert f"llmhub completion {shell}" in first
    assert "_LLMHUB_COMPLETE" in "\n".join(rest)


def test_another_shell_is_a_usage_error(run):
    assert run("completion", "csh").returncode == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("llmhub add", "add-role"),
        ("llmhub spec v", "validate"),
        ("llmhub edit-role llm.a", "llm.answers"),
        ("llmhub add-role x --ki", "--kind"),
        ("llmhub add-role x --kind emb", "embedding"),
    ],
)
def test_bash_completes(run, project, spec, tmp_path, words, expected):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here to complete anything")
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "llmhub").write_text(f'#!/bin/sh\nexec {sys.executable} -m llmhub "$@"\n')
    (commands / "llmhub").chmod(0o755)
    script = run("completion", "bash").stdout
    asked = f"""
{script}
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_llmhub_completion llmhub; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    environ = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [bash, "--norc", "-c", asked], cwd=project, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert expected in done.stdout.split(), done.stderr


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("llmhub add", "add-role"),
        ("llmhub edit-role llm.a", "llm.answers"),
        ("llmhub add-role x --kind emb", "embedding"),
    ],
)
def test_fish_completes(run, project, spec, tmp_path, typed, expected):
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("no fish here to complete anything")
    program = tmp_path / "bin" / "llmhub"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m llmhub "$@"\n')
    program.chmod(0o755)
    script = tmp_path / "llmhub.fish"
    script.write_text(run("completion", "fish").stdout)
    environ = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run(
        [fish, "--no-config", "-c", f"source {script}; complete -C '{typed}'"],
        cwd=project, env=environ, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert expected in done.stdout.split(), done.stderr


def test_role_names_are_completed_in_the_project_that_is_named(run, spec, tmp_path):
    environ = {"COMP_WORDS": f"llmhub --project {spec.parent} rm-role llm", "COMP_CWORD": "4"}
    ended = run("--project", str(Path.cwd()), _LLMHUB_COMPLETE="bash_complete", **environ)
    assert "plain,llm.answers" in ended.stdout
