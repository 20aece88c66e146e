"""What the libraries below log is written without secrets, and never in the way of a call."""

from __future__ import annotations

import logging

import pytest

from llmhub.anyllm.discretion import LOGGERS, keep_discreet

KEY = "sk-loopback-1234567890"


@pytest.fixture(autouse=True)
def _loggers_as_they_were():
    before = {name: list(logging.getLogger(name).filters) for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).filters.clear()
    yield
    for name, filters in before.items():
        logging.getLogger(name).filters[:] = filters


@pytest.mark.parametrize("name", ["httpx", "openai._base_client"])
def test_a_key_is_struck_from_what_is_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    keep_discreet({"OPENAI_API_KEY": KEY})
    keep_discreet({"OPENAI_API_KEY": KEY})
    with caplog.at_level(logging.DEBUG, logger=name):
        logging.getLogger(name).debug("asked %s", f"http://user:{KEY}@host/")
    assert caplog.messages == ["asked http://user:[key]@host/"]
    assert len(logging.getLogger(name).filters) == 1


def test_a_record_that_cannot_be_written_stops_nobody(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)  # as handlers are told in production
    keep_discreet({"OPENAI_API_KEY": KEY})
    logger = logging.getLogger("httpx")
    logger.propagate, heard = False, logging.StreamHandler()
    logger.addHandler(heard)
    try:
        with caplog.at_level(logging.DEBUG, logger="httpx"):
            logger.debug("%d of %d", 1)
    finally:
        logger.propagate = True
        logger.removeHandler(heard)
