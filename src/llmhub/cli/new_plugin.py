"""A plugin's distribution from templates: which files it has, and what stands in them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final, NamedTuple

from llmhub import __version__
from llmhub.errors import PluginError

TEMPLATES: Final = Path(__file__).with_name("templates")
LONGEST_NAME: Final = 30


class Kind(NamedTuple):
    """What distinguishes the plugins of one kind; `hook` is one of those it implements."""

    group: str
    hook: str
    contract: str
    description: str
    use: str
    dependencies: tuple[str, ...] = ()


KINDS: Final[Mapping[str, Kind]] = {
    "source": Kind(
        "llmhub.catalog",
        "llmhub_catalog_sources",
        "CatalogSourceContract",
        "A catalog source: models and prices from a document of our own.",
        "Set `${variable}` to the address of the document (http, https or file), then `llmhub catalog refresh`.",
    ),
    "tiers": Kind(
        "llmhub.catalog",
        "llmhub_tier_derivers",
        "TierDeriverContract",
        "A tier deriver: cost tiers by fixed prices.",
        "`llmhub catalog refresh` uses it; `llmhub catalog explain MODEL` shows its reasons.",
    ),
    "generator": Kind(
        "llmhub.generate",
        "llmhub_generators",
        "GeneratorContract",
        "A generator: the default choice, with a limit on the length of answers.",
        "Write `generator: ${name}` into `llmhub.spec.yaml`, then `llmhub generate`.",
        ("attrs>=24.2",),
    ),
    "scorer": Kind(
        "llmhub.generate",
        "llmhub_scorers",
        "ScorerContract",
        "A scorer: how much a role prefers certain providers.",
        "Weigh it in a role of `llmhub.spec.yaml`, as in `weights: {quality: 3, cost: 1, ${name}: 2}`.",
    ),
    "selector": Kind(
        "llmhub.call",
        "llmhub_selectors",
        "SelectorContract",
        "A selector: spreads users over the targets of a role.",
        "Write `selector: ${name}` into `llmhub.yaml`.",
    ),
    "call-hook": Kind(
        "llmhub.call",
        "llmhub_after_call",
        "CallHookContract",
        "A call hook: a line in the log per call, and a limit on the length of answers.",
        "Every hub calls it once it is installed; `LLMHUB_DISABLE_PLUGINS=${name}` does without.",
    ),
    "ledger": Kind(
        "llmhub.call",
        "llmhub_ledgers",
        "LedgerContract",
        "A ledger: a line of JSON per call.",
        "Write `ledger: ${name}` into `llmhub.yaml`.",
        ("attrs>=24.2", "cattrs>=24.1"),
    ),
    "command": Kind(
        "llmhub.commands",
        "llmhub_commands",
        "CommandContract",
        "A command of `llmhub`: what serves each role.",
        "`llmhub ${name} --help`.",
        ("click>=8.1.7",),
    ),
    "check": Kind(
        "llmhub.doctor",
        "llmhub_doctor_checks",
        "CheckContract",
        "A check of `llmhub doctor`: whether git leaves the keys alone.",
        "`llmhub doctor` asks it, too.",
    ),
}


class NewPlugin(NamedTuple):
    """A distribution's name, the name its plugin goes by, and its files by their place within the distribution."""

    distribution: str
    name: str
    files: Mapping[str, str]


def new_plugin(kind: str, name: str) -> NewPlugin:
    """The files of a plugin of *kind*, one of `KINDS`, called *name*.

    Raises:
        PluginError: *name* cannot name a distribution and a module.
    """
    _check_name(name)
    about, distribution = KINDS[kind], f"llmhub-{kind}-{name}"
    package = distribution.replace("-", "_")
    # A command goes by the words that are typed; all else stands in files, where names are written with underscores.
    own_name = name if kind == "command" else name.replace("-", "_")
    words = {
        "distribution": distribution,
        "package": package,
        "name": own_name,
        "title": name.replace("-", " ").capitalize(),
        "variable": f"LLMHUB_{name.replace('-', '_').upper()}_URL",
        "group": about.group,
        "hook": about.hook,
        "contract": about.contract,
        "description": about.description,
        "dependencies": ", ".join(f'"{each}"' for each in (*about.dependencies, f"llmhub>={__version__}")),
    }
    words["use"] = Template(about.use).substitute(words)
    templates = {
        "pyproject.toml": "common/pyproject.toml.txt",
        "README.md": "common/README.md.txt",
        ".gitignore": "common/gitignore.txt",
        f"src/{package}/__init__.py": f"{kind}/plugin.py.txt",
        f"tests/test_{package}.py": f"{kind}/test_plugin.py.txt",
        "tests/test_installed.py": "common/test_installed.py.txt",
    }
    files = {
        place: Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)
        for place, template in templates.items()
    }
    return NewPlugin(distribution, own_name, {**files, f"src/{package}/py.typed": ""})


def write_plugin(plugin: NewPlugin, into: Path) -> Path:
    """Write *plugin* into a folder of its own within *into*, whole or not at all, and return that folder.

    Raises:
        PluginError: the folder is there already, or cannot be written.
    """
    folder = into / plugin.distribution
    if folder.exists():
        raise PluginError(f"{folder} is there already; take another name, or another folder with --into")
    try:
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=into, prefix=".llmhub-new-") as place:
            draft = Path(place) / plugin.distribution
            for name, text in plugin.files.items():
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                (draft / name).write_text(text, encoding="utf-8")
            draft.rename(folder)
    except OSError as error:
        raise PluginError(f"{folder} cannot be written: {(error.strerror or str(error)).lower()}") from error
    return folder


_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) and len(name) <= LONGEST_NAME:
        return
    wanted = f"lower-case letters, digits and single hyphens, a letter first, at most {LONGEST_NAME}"
    proposed = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")[:LONGEST_NAME].strip("-")
    hint = f" Did you mean {proposed!r}?" if _NAME.fullmatch(proposed) else ""
    raise PluginError(f"{name!r} cannot name a plugin: {wanted}.{hint}")
