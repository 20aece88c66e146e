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
from importlib.util import find_spec
from pathlib import Path

import pytest

from release.__main__ import main

from .conftest import git

for needed in ("build", "twine", "towncrier", "cyclonedx_py", "pypiserver", "hatchling"):
    if find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed: `nox -s release_tests` does that", allow_module_level=True)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(540)]

ROOT = Path(__file__).parents[2]
TOKEN = "pypi-recognisable-0123456789"


@pytest.fixture
def index(tmp_path):
    """A package index, which takes one password alone; its address."""
    packages = tmp_path / "packages"
    packages.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"""
import pypiserver
from wsgiref.simple_server import make_server
right = lambda user, word: word == {TOKEN!r}
app = pypiserver.app(roots=[{str(packages)!r}], password_file=".", authenticate=["update"], auther=right)
make_server("127.0.0.1", {port}, app).serve_forever()
"""
    log = (tmp_path / "index.log").open("w")
    server = subprocess.Popen([sys.executable, "-c", program], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}/"
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=1).close()
            break
        except OSError:
            assert server.poll() is None, (tmp_path / "index.log").read_text()
            time.sleep(0.05)
    yield url
    server.terminate()
    server.wait()
    log.close()


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

    for line in (clone / "dist" / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((clone / "dist" / name).read_bytes()).hexdigest() == digest
    bill = json.loads((clone / "dist" / "llmhub-9.0.0.cdx.json").read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert {"llmhub", "any-llm-sdk", "attrs"} <= {component["name"] for component in bill["components"]}

    venv.create(tmp_path / "user", with_pip=True)
    python = tmp_path / "user" / "bin" / "python"
    install = [python, "-m", "pip", "install", "-q", "--no-deps", "--index-url", f"{index}simple/", "llmhub==9.0.0"]
    subprocess.run(install, check=True, env={**os.environ, "PIP_CONFIG_FILE": os.devnull})
    told = subprocess.run(
        [python, "-c", "import llmhub; print(llmhub.__version__)"], check=True, capture_output=True, text=True
    )
    assert told.stdout == "9.0.0\n"
