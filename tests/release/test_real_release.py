"""A whole release of the last commit to a package index on 127.0.0.1, and an installation from it.

Needs git, and the programs of the dependency group `release`: `nox -s release_tests` has them.
"""

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from release.__main__ import main
from release.versions import distributions

from .conftest import git

for needed in ("build", "twine", "towncrier", "cyclonedx_py", "pypiserver", "hatchling"):
    if find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed: `nox -s release_tests` does that", allow_module_level=True)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]
TOKEN = "pypi-recognisable-0123456789"
TEST_TOKEN = "pypi-another-9876543210"


@pytest.fixture
def index(tmp_path):
    """A package index, which takes one password alone; its address."""
    with served_index(tmp_path, "packages", TOKEN) as url:
        yield url


@pytest.fixture
def rehearsal(tmp_path):
    """Another one, with a password of its own."""
    with served_index(tmp_path, "test-packages", TEST_TOKEN) as url:
        yield url


@contextmanager
def served_index(folder: Path, name: str, token: str) -> Iterator[str]:
    packages = folder / name
    packages.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"""
import pypiserver
from wsgiref.simple_server import make_server
right = lambda user, word: word == {token!r}
app = pypiserver.app(roots=[{str(packages)!r}], password_file=".", authenticate=["update"], auther=right)
make_server("127.0.0.1", {port}, app).serve_forever()
"""
    with (folder / f"{name}.log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-c", program], stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}/"
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(url, timeout=1).close()
                    break
                except OSError:
                    assert server.poll() is None, (folder / f"{name}.log").read_text()
                    time.sleep(0.05)
            yield url
        finally:
            server.terminate()
            server.wait()


@pytest.fixture
def clone(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("these sources are no git repository")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), "clone"], cwd=tmp_path, check=True)
    return tmp_path / "clone"


def test_a_release_is_uploaded_and_installs_from_the_index(clone, index, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("PYPI_TOKEN", "pypi-wrong")
    ask = ["--root", str(clone), "--version", "9.0.0", "--repository-url", index]
    core = [*ask, "--package", "llmhub"]
    assert main(core) == 1, "the index refuses a wrong token"
    assert git(clone, "status", "--porcelain") == "", "and the tree is as it was"
    monkeypatch.setenv("PYPI_TOKEN", TOKEN)
    assert main(core) == 0, capfd.readouterr().err
    told = capfd.readouterr()
    assert TOKEN not in told.out + told.err
    assert "git tag -a v9.0.0" in told.out
    assert '__version__ = "9.0.0"' in (clone / "src" / "llmhub" / "__init__.py").read_text(encoding="utf-8")
    assert "## 9.0.0 (" in (clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [path.name for path in (clone / "changelog.d").iterdir()] == ["README.md"]

    assert released_in(clone, "llmhub-9.0.0.cdx.json") == {"llmhub"}
    bill = json.loads((clone / "dist" / "llmhub-9.0.0.cdx.json").read_text(encoding="utf-8"))
    assert {"any-llm-sdk", "attrs"} <= {component["name"] for component in bill["components"]}

    venv.create(tmp_path / "user", with_pip=True)
    python = tmp_path / "user" / "bin" / "python"
    install = [python, "-m", "pip", "install", "-q", "--no-deps", "--index-url", f"{index}simple/", "llmhub==9.0.0"]
    subprocess.run(install, check=True, env={**os.environ, "PIP_CONFIG_FILE": os.devnull})
    told = subprocess.run(
        [python, "-c", "import llmhub; print(llmhub.__version__)"], check=True, capture_output=True, text=True
    )
    assert told.stdout == "9.0.0\n"


def released_in(clone: Path, bill: str) -> set[str]:
    """The distributions whose wheel and sdist lie in dist/, with a sum each, and as components of the *bill*."""
    summed = set()
    for line in (clone / "dist" / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((clone / "dist" / name).read_bytes()).hexdigest() == digest
        summed.add(name)
    assert {path.name for path in (clone / "dist").iterdir()} == {*summed, "SHA256SUMS"}
    listed = json.loads((clone / "dist" / bill).read_text(encoding="utf-8"))
    assert listed["bomFormat"] == "CycloneDX"
    built = {name.partition("-9.0.0")[0].replace("_", "-") for name in summed if name.endswith((".whl", ".tar.gz"))}
    stems = {name.replace("-", "_") for name in built}
    assert summed == {bill} | {f"{s}-9.0.0{end}" for s in stems for end in ("-py3-none-any.whl", ".tar.gz")}
    versions = {component["name"]: component.get("version") for component in listed["components"]}
    assert {versions.get(name) for name in built} == {"9.0.0"}
    return built


def test_a_release_of_everything_goes_to_the_test_index_first(clone, index, rehearsal, tmp_path, monkeypatch, capfd):
    names = {one.name for one in distributions(clone)}
    ask = ["--root", str(clone), "--version", "9.0.0", "--repository-url", index, "--test-repository-url", rehearsal]
    monkeypatch.setenv("TEST_PYPI_TOKEN", TEST_TOKEN)
    monkeypatch.setenv("PYPI_TOKEN", "pypi-wrong-0123456789")
    assert main(ask) == 1, "the index itself refuses"
    told = capfd.readouterr()
    assert "uploaded to the test index" in told.out, told.err
    assert "uploaded to the index" not in told.out
    assert git(clone, "status", "--porcelain") == ""
    assert list((tmp_path / "packages").iterdir()) == []
    rehearsed = {path.name: path.read_bytes() for path in (tmp_path / "test-packages").iterdir()}
    assert len(rehearsed) == 2 * len(names)

    for path in (tmp_path / "test-packages").iterdir():
        path.unlink()  # TestPyPI passes over what it has; this one would refuse it
    monkeypatch.setenv("PYPI_TOKEN", TOKEN)
    assert main(ask) == 0, capfd.readouterr().err
    again = capfd.readouterr()
    assert again.out.index("uploaded to the test index") < again.out.index("uploaded to the index")
    assert {path.name: path.read_bytes() for path in (tmp_path / "packages").iterdir()} == rehearsed, "the very bytes"
    assert released_in(clone, "llmhub-9.0.0.cdx.json") == names
    assert {one.version for one in distributions(clone)} == {"9.0.0"}
    for token in (TOKEN, TEST_TOKEN, "pypi-wrong-0123456789"):
        assert token not in told.out + told.err + again.out + again.err
        assert not [path for path in (clone / "dist").iterdir() if token.encode() in path.read_bytes()]


def test_a_plugin_is_released_alone(clone, index, tmp_path, monkeypatch, capfd):
    before = {one.name: one.version for one in distributions(clone)}
    (clone / ".env").write_text(f"PYPI_TOKEN={TOKEN}\n", encoding="utf-8")
    monkeypatch.delenv("PYPI_TOKEN", raising=False)
    ask = ["--root", str(clone), "--version", "9.0.0", "--repository-url", index, "--package", "llmhub-server"]
    assert main(ask) == 0, capfd.readouterr().err
    told = capfd.readouterr()
    assert TOKEN not in told.out + told.err
    assert "git tag -a llmhub-server-v9.0.0" in told.out
    assert released_in(clone, "llmhub-server-9.0.0.cdx.json") == {"llmhub-server"}
    uploaded = {path.name for path in (tmp_path / "packages").iterdir()}
    assert uploaded == {"llmhub_server-9.0.0-py3-none-any.whl", "llmhub_server-9.0.0.tar.gz"}
    assert {one.name: one.version for one in distributions(clone)} == {**before, "llmhub-server": "9.0.0"}
    changed = git(clone, "status", "--porcelain").split()
    assert changed == ["M", "plugins/llmhub-server/pyproject.toml"], "no changelog, no core"
