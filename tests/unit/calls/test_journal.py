"""What an application's logging hears of calls that did not go smoothly."""

import logging
import subprocess
import sys

import pytest

from llmhub import errors

HELLO = [{"role": "user", "content": "What is in the vault?"}]


def test_a_failed_attempt_and_the_call_it_belongs_to_are_lines_with_the_calls_id(make_hub, caplog):
    caplog.set_level(logging.INFO, "llmhub.calls")
    hub = make_hub(chat="fault-500", fallbacks=("claude-haiku",))
    hub.completion("chat", HELLO, call_id="call-7")
    failed, ended = (record for record in caplog.records if record.name == "llmhub.calls")
    assert failed.getMessage() == "attempt 1 of chat at openai:fault-500 failed: ProviderError (500)"
    assert (failed.call_id, failed.role, failed.project, failed.attempt) == ("call-7", "chat", "test", 1)
    assert (failed.error_class, failed.status_code) == ("ProviderError", 500)
    assert failed.duration > 0
    assert ended.getMessage() == "call of chat answered by anthropic:claude-haiku after 2 attempts"
    assert (ended.call_id, ended.attempts, ended.error_class) == ("call-7", 2, None)


def test_a_failed_call_is_a_line_that_says_nothing_of_the_question(make_hub, caplog):
    caplog.set_level(logging.DEBUG, "llmhub")
    with pytest.raises(errors.CallError):
        make_hub(chat="fault-400").completion("chat", HELLO)
    lines = [record.getMessage() for record in caplog.records if record.name == "llmhub.calls"]
    assert lines[-1] == "call of chat failed with InvalidRequestError after 1 attempts"
    assert "vault" not in caplog.text


def test_a_call_that_goes_well_is_no_line(hub, caplog):
    caplog.set_level(logging.DEBUG, "llmhub")
    hub.completion("chat", HELLO)
    assert not [record for record in caplog.records if record.name.startswith("llmhub")]


def test_nothing_is_printed_where_no_logging_is_set_up(provider_server, tmp_path):
    code = f"""
from llmhub import Hub, errors
role = {{"provider": "openai", "model": "fault-500", "mode": "chat", "retry": {{"attempts": 1}}}}
config = {{"project": "p", "ledger": "none", "providers": {{"openai": {{"api_base": "{provider_server.openai_base}"}}}},
           "roles": {{"chat": role}}}}
try:
    Hub(config=config).completion("chat", {HELLO})
except errors.ProviderError:
    pass
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
