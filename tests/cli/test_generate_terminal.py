"""`llmhub generate` and `upgrade --apply` on a real terminal: a coloured diff, a question, and Ctrl-C."""

import os
import sys

import pytest

pexpect = pytest.importorskip("pexpect", reason="pexpect needs a Unix terminal", exc_type=ImportError)

# From Python 3.12 on, forking a terminal from a process with threads warns; the child runs another program at once.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")

SPEC = "project: shop\nproviders: {openai: {}}\nroles:\n  answers: {kind: chat}\n"
QUESTION = r"Write these changes to llmhub.yaml\? \[y/N\]: "


@pytest.fixture
def outdated(run, project, stock, make_model):
    """A generated file, and a catalog that has something better since."""
    (project / "llmhub.spec.yaml").write_text(SPEC, encoding="utf-8")
    first = make_model("openai:gpt-6", (2.0, 8.0), 1400.0)
    stock(first)
    assert run("generate").returncode == 0
    stock(first, make_model("openai:gpt-7", (1.0, 4.0), 1460.0, release_date="2026-09-01"))
    return project / "llmhub.yaml"


@pytest.fixture
def terminal(project, tmp_path):
    """Starts `llmhub ARGUMENTS` on a terminal of its own."""
    started = []

    def start(*arguments, **environment):
        environ = {**os.environ, "LLMHUB_CACHE_DIR": str(tmp_path / "cache"), "LLMHUB_OFFLINE": "1", **environment}
        environ.setdefault("TERM", "xterm")
        child = pexpect.spawn(
            sys.executable,
            ["-m", "llmhub", *arguments],
            cwd=str(project),
            env=environ,
            encoding="utf-8",
            timeout=60,
            dimensions=(60, 100),
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


COMMANDS = [("generate",), ("upgrade", "--apply")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_diff_is_shown_in_colour_and_yes_writes_it(terminal, outdated, command):
    child = terminal(*command)
    child.expect(QUESTION)
    assert "\x1b[32m+    model: gpt-7\x1b[0m" in child.before
    assert "\x1b[31m-    model: gpt-6\x1b[0m" in child.before
    child.sendline("y")
    child.expect("Wrote ")
    child.expect(pexpect.EOF)
    assert "model: gpt-7\n" in outdated.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("answer", ["n", "interrupt"])
def test_no_and_an_interrupt_leave_the_file_as_it_was(terminal, interrupt, outdated, command, answer):
    before = outdated.read_bytes()
    child = terminal(*command)
    child.expect(QUESTION)
    child.sendline("n") if answer == "n" else interrupt(child)
    child.expect("Nothing written" if answer == "n" else "Interrupted")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == (0 if answer == "n" else 130)
    assert outdated.read_bytes() == before
    assert sorted(path.name for path in outdated.parent.iterdir()) == [".llmhub", "llmhub.spec.yaml", "llmhub.yaml"]


def test_no_color_keeps_the_diff_plain(terminal, outdated):
    child = terminal("generate", "--dry-run", NO_COLOR="1")
    child.expect(pexpect.EOF)
    assert "\r\n+    model: gpt-7\r\n" in child.before
