"""The server's address, looked at before it is used: libpq quotes what it cannot read, and that may be the password."""

from __future__ import annotations

from collections.abc import Mapping

from llmhub.errors import LedgerError

URL_VARIABLE = "LLMHUB_LEDGER_POSTGRES_URL"


def address(environ: Mapping[str, str]) -> str:
    """What *environ* says, in a form that libpq can read and no error of it will quote the password from.

    Raises:
        LedgerError: nothing is said, or it makes no sense; it is not shown.
    """
    url = environ.get(URL_VARIABLE)
    if not url:
        raise LedgerError(
            f"`ledger: postgres` needs an address: set {URL_VARIABLE} (postgresql://user:password@host/name)"
        )
    if not _is_sound(url):
        raise LedgerError(
            f"{URL_VARIABLE} holds no address of a server (not shown, as it may hold a password); expected "
            "postgresql://user:password@host/name, with each of % / @ : ? # in the password written as %25, %2F, ..."
        )
    return url


def _is_sound(url: str) -> bool:
    """Whether every part was taken for what it is: a stray `/` or `@` makes port or host of a part of a password."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        return False
    ports = str(parts.get("port") or "5432").split(",")
    return all(port.isdecimal() for port in ports) and "@" not in str(parts.get("host") or "")
