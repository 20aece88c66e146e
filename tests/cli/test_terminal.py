"""The commands that ask, driven through a real terminal; Ctrl-C in the middle leaves every file as it was."""

import os
import sys

import pytest

pexpect = pytest.importorskip("pexpect", reason="pexpect needs a Unix terminal", exc_type=ImportError)

# From Python 3.12 on, forking a terminal from a process with threads warns; the child runs another program at once.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")

SPEC = """\
project: shop  # ours
providers:
  openai: {enabled: true}
roles:
  llm.answers: {kind: chat, preferences: {cost: low}}  # for now
"""
KEY = "sk-terminal-0123456789"


@pytest.fixture
def terminal(project, tmp_path):
    """Starts `llmhub ARGUMENTS` on a terminal of its own."""
    started = []

    def start(*arguments, **environment):
        environ = {
            **os.environ,
            "LLMHUB_CACHE_DIR": str(tmp_path / "cache"),
            "LLMHUB_OFFLINE": "1",
            "PYTHONWARNINGS": "error",
            "TERM": "dumb",
            **environment,
        }
        child = pexpect.spawn(
            sys.executable,
            ["-m", "llmhub", *arguments],
            cwd=str(project),
            env=environ,
            encoding="utf-8",
            timeout=30,
            dimensions=(50, 160),
        )
        child.logfile_read = Transcript()
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


class Transcript:
    """Everything that was shown."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def ended(child):
    child.expect(pexpect.EOF)
    child.wait()
    return child.exitstatus


@pytest.fixture
def spec(project):
    path = project / "llmhub.spec.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_setup_asks_offers_what_it_found_and_generates(terminal, project):
    child = terminal("setup", OPENAI_API_KEY=KEY, ANTHROPIC_API_KEY=KEY)
    child.expect("Keys found for: openai, anthropic")
    child.expect(r"Project \[project\]")
    child.sendline("shop")
    child.expect(r"Providers \[openai, anthropic\]")
    child.sendline("opnai")
    child.expect("Did you mean 'openai'")
    child.expect("Providers")
    child.sendline("openai")
    child.expect(r"Roles, each as name=kind \[llm.inference=chat, llm.preprocess=chat\]")
    child.sendline("llm.inference=chat, llm.vectors=embedding")
    child.expect("llm.vectors:")
    child.expect(r"Write this to llmhub.spec.yaml\? \[Y/n\]")
    child.sendline("")
    child.expect(r"Choose the models now\? \[Y/n\]")
    child.sendline("y")
    assert ended(child) == 0
    assert "llm.vectors:" in (project / "llmhub.yaml").read_text(encoding="utf-8")
    assert KEY not in child.logfile_read.text
    assert sorted(path.name for path in project.iterdir()) == [
        *(".env.example", ".llmhub", "llmhub.spec.yaml", "llmhub.yaml"),
    ]


QUESTIONS_OF_SETUP = ["Project", "Providers", "Roles", "Write this"]


@pytest.mark.parametrize("stop_at", QUESTIONS_OF_SETUP)
def test_ctrl_c_at_any_question_of_setup_leaves_no_file(terminal, interrupt, project, stop_at):
    child = terminal("setup")
    for question in QUESTIONS_OF_SETUP:
        child.expect(question)
        if question == stop_at:
            interrupt(child)
            break
        child.sendline("")
    assert ended(child) == 130
    assert "Traceback" not in child.logfile_read.text
    assert list(project.iterdir()) == []


def test_no_to_the_last_question_of_setup_leaves_no_file(terminal, project):
    child = terminal("setup")
    for question in QUESTIONS_OF_SETUP[:-1]:
        child.expect(question)
        child.sendline("")
    child.expect("Write this")
    child.sendline("n")
    assert ended(child) == 0
    assert list(project.iterdir()) == []


def test_ctrl_c_after_the_spec_was_written_leaves_it_whole_and_generates_nothing(terminal, interrupt, project, run):
    child = terminal("setup")
    for question in QUESTIONS_OF_SETUP:
        child.expect(question)
        child.sendline("")
    child.expect("Choose the models now")
    interrupt(child)
    assert ended(child) == 130
    assert run("spec", "validate").returncode == 0
    assert not (project / "llmhub.yaml").exists()


def test_add_role_asks_for_what_matters(terminal, spec):
    child = terminal("add-role", "llm.judge")
    for question, answer in (
        *((r"Kind \(.*\) \[chat\]", ""), ("Description:", "Judges answers"), (r"Cost \(.*\) \[medium\]", "cheap")),
        *(("is not one of", ""), (r"Latency \(.*\) \[medium\]", "-"), (r"Quality \(.*\) \[medium\]", "high")),
        (r"Add llm.judge to llmhub.spec.yaml\? \[Y/n\]", "y"),
    ):
        child.expect(question)
        child.sendline(answer)
    assert ended(child) == 0
    assert spec.read_text(encoding="utf-8") == SPEC + (
        "  llm.judge:\n    kind: chat\n    description: Judges answers\n"
        "    preferences:\n      cost: medium\n      quality: high\n"
    )


def test_edit_role_offers_what_stands_there(terminal, spec):
    child = terminal("edit-role", "llm.answers")
    for question, answer in (
        *((r"Kind \(.*\) \[chat\]", ""), ("Description:", ""), (r"Cost \(.*\) \[low\]", "-")),
        *((r"Latency \(.*\) \[-\]", "low"), (r"Quality \(.*\) \[-\]", ""), ("Change llm.answers", "y")),
    ):
        child.expect(question)
        child.sendline(answer)
    assert ended(child) == 0
    assert spec.read_text(encoding="utf-8") == SPEC.replace("{cost: low}", "{latency: low}")


@pytest.mark.parametrize(
    ("arguments", "questions"),
    [
        (("add-role", "llm.judge"), ["Kind", "Description", "Cost", "Latency", "Quality", "Add llm.judge"]),
        (("edit-role", "llm.answers"), ["Kind", "Description", "Cost", "Latency"]),
        (("rm-role", "llm.answers"), ["Remove llm.answers"]),
    ],
)
def test_ctrl_c_at_a_question_leaves_the_spec_as_it_was(terminal, interrupt, project, spec, arguments, questions):
    child = terminal(*arguments)
    for question in questions[:-1]:
        child.expect(question)
        child.sendline("")
    child.expect(questions[-1])
    interrupt(child)
    assert ended(child) == 130
    assert "Traceback" not in child.logfile_read.text
    assert spec.read_text(encoding="utf-8") == SPEC
    assert list(project.iterdir()) == [spec]


def test_rm_role_asks_first(terminal, spec):
    child = terminal("rm-role", "llm.answers")
    child.expect("Remove llm.answers")
    child.sendline("y")
    assert ended(child) == 0
    assert spec.read_text(encoding="utf-8") == SPEC.replace(
        "roles:\n  llm.answers: {kind: chat, preferences: {cost: low}}  # for now\n", "roles: {}  # for now\n"
    )


def test_the_end_of_the_input_is_no_interruption_and_writes_nothing(terminal, spec):
    child = terminal("rm-role", "llm.answers")
    child.expect("Remove llm.answers")
    child.sendeof()
    assert ended(child) == 1
    assert spec.read_text(encoding="utf-8") == SPEC


@pytest.mark.parametrize(
    ("arguments", "question"), [(("rm-role", "llm.answers"), "Remove llm.answers"), (("setup",), "Providers")]
)
def test_a_terminal_that_is_closed_at_a_question_leaves_the_spec_as_it_was(
    terminal, project, spec, arguments, question
):
    child = terminal(*arguments)
    child.expect(question)
    child.close()
    assert not child.isalive()
    assert spec.read_text(encoding="utf-8") == SPEC
    assert list(project.iterdir()) == [spec]


def test_what_an_editor_saved_while_a_question_stood_is_not_overwritten(terminal, project, spec):
    child = terminal("rm-role", "llm.answers")
    child.expect("Remove llm.answers")
    saved = SPEC.replace("cost: low", "cost: high")
    spec.write_text(saved, encoding="utf-8")
    child.sendline("y")
    child.expect("changed by somebody else in the meantime; nothing written")
    assert ended(child) == 1
    assert spec.read_text(encoding="utf-8") == saved
    assert list(project.iterdir()) == [spec]


def test_a_spec_that_appeared_while_setup_asked_is_not_overwritten(terminal, project):
    child = terminal("setup")
    for question in QUESTIONS_OF_SETUP[:-1]:
        child.expect(question)
        child.sendline("")
    child.expect("Write this")
    spec = project / "llmhub.spec.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    child.sendline("y")
    child.expect("changed by somebody else")
    assert ended(child) == 1
    assert spec.read_text(encoding="utf-8") == SPEC
