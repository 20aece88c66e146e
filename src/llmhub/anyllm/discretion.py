"""The loggers of the libraries below us, made to keep secrets to themselves.

Told to speak, they print each address with the password in it, the headers of an answer, and what a provider sent in
place of what it should have: any of these may hold a key. The SDKs hide only the headers that they send.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from attrs import field, frozen

from llmhub.records.secrets import Secrets

LOGGERS = (
    "any_llm",
    *(f"{sdk}.{part}" for sdk in ("anthropic", "openai") for part in ("_base_client", "_response", "_legacy_response")),
    *("httpx", "httpx2"),
    *(f"{core}.{part}" for core in ("httpcore", "httpcore2") for part in ("connection", "http11", "http2", "proxy")),
)
"""By full name: a logger's filter is not asked about what the loggers below it say."""


def keep_discreet(environ: Mapping[str, str]) -> None:
    """Have secrets of *environ* struck from all that these loggers say from now on; asked again, it does nothing.

    Costs nothing while nobody listens to them.
    """
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(asked, _Discretion) for asked in logger.filters):
            logger.addFilter(_Discretion(environ))


@frozen
class _Discretion:
    environ: Mapping[str, str] = field(repr=False)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without the secrets in it."""
        secrets = Secrets.of(self.environ)
        try:
            said = record.getMessage()
        except Exception:  # it cannot be written, and a handler says so; here it would end the call
            return True
        kept = secrets.struck(said)
        if kept != said:
            record.msg, record.args = kept, ()
        if record.exc_info and record.exc_info[1] is not None and secrets.told_by(record.exc_info[1]):
            record.exc_info = None
        return True
