"""`llmhub demo`: the whole way on a fresh machine, without keys or network."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from llmhub.cli.render import dollars, print_heading, print_table, print_text
from llmhub.cli.session import Session
from llmhub.errors import HubError

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.catalog import Catalog
    from llmhub.records.selection import Generation

KEY_VARIABLE = "LLMHUB_DEMO_KEY"
QUESTION = "In one sentence: what is a role?"

SPEC = """\
project: demo
env: dev
providers:
  openai: {{enabled: true, env_key: {key}, api_base: "{url}/v1"}}
  anthropic: {{enabled: true, env_key: {key}, api_base: "{url}"}}
roles:
  llm.inference:
    kind: chat
    description: Main model for answering questions
    preferences: {{cost: medium, quality: high}}
    fallbacks: 1
  llm.preprocess:
    kind: chat
    description: Fast, cheap model to prepare input
    preferences: {{cost: low, latency: low, quality: medium}}
  llm.embedding:
    kind: embedding
    description: Vectors for retrieval
    preferences: {{cost: low}}
"""


@click.command()
@click.pass_obj
def command(session: Session) -> None:
    """Show the whole way on this machine, without keys.

    Makes a project in a temporary folder, builds the catalog from the facts that ship with llmhub, chooses a model for
    each role, and calls the roles through any-llm against a stand-in provider on 127.0.0.1. Nothing leaves the machine
    and nothing stays on it.
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.load import load_spec
    from llmhub.workspace.proposal import choose

    with tempfile.TemporaryDirectory(prefix="llmhub-demo-") as folder, _provider() as url:
        environ = {**session.environ, "LLMHUB_OFFLINE": "1", "LLMHUB_CACHE_DIR": folder}
        spec_path = Path(folder) / "llmhub.spec.yaml"
        spec_path.write_text(SPEC.format(key=KEY_VARIABLE, url=url), encoding="utf-8")
        _show_spec(spec_path)
        catalog = _catalog(session, environ)
        spec = load_spec(spec_path, known_providers=PROVIDER_NAMES)
        generation = choose(session.workspace, spec, catalog)
        _show_choices(generation, catalog)
        _call(generation, catalog)
    _show_next_steps()


def _show_spec(path: Path) -> None:
    print_heading("1. What you write: llmhub.spec.yaml names roles and what they need")
    lines = path.read_text(encoding="utf-8").splitlines()
    print_text("\n".join(lines[lines.index("roles:") :]), indent=3)


def _catalog(session: Session, environ: Mapping[str, str]) -> Catalog:
    from llmhub.catalog import load_catalog

    catalog = load_catalog(environ, session.host)
    session.report_failures()
    return catalog


def _show_choices(generation: Generation, catalog: Catalog) -> None:
    dates = ", ".join(
        f"{source.name} of {source.as_of}" for source in catalog.sources if source.records and source.as_of
    )
    print_heading("\n2. What llmhub chooses: `llmhub generate` writes llmhub.yaml, with the reason for each role")
    print_text(f"From {len(catalog)} known models ({dates}; no network, so no leaderboard scores).", indent=3)
    for selection in generation.selections:
        print_text(f"{selection.need.role}: {selection.chosen.canonical_id}", indent=3, space_above=1)
        print_text(selection.reason, indent=5)
        for fallback in selection.fallbacks:
            print_text(f"falls back to {fallback.canonical_id}", indent=5)


def _call(generation: Generation, catalog: Catalog) -> None:
    from llmhub import Hub
    from llmhub.anyllm.clients import import_any_llm

    print_heading("\n3. What your code does: ask for a role, through any-llm, here against a stand-in on 127.0.0.1")
    print_text(f'hub.completion("llm.inference", [{{"role": "user", "content": "{QUESTION}"}}])', indent=3)
    import_any_llm()
    os.environ[KEY_VARIABLE] = "demo-key-of-no-worth"
    try:
        # What is only shown belongs into nobody's record of money spent.
        with Hub(config=evolve(generation.config, ledger="none")) as hub:
            rows = [_row(hub, role, catalog) for role in generation.config.roles]
    finally:
        del os.environ[KEY_VARIABLE]
    sys.stdout.write("\n")
    print_table(("role", "served by", "answer", "ms", "tokens", "would have cost"), rows, numeric=("ms", "tokens"))


def _row(hub: Hub, role: str, catalog: Catalog) -> tuple[object, ...]:
    from llmhub.anyllm.answers import usage_of
    from llmhub.spend.price import price_of

    target = hub.resolve(role).primary
    began = monotonic()
    answer: Any
    if target.mode == "embedding":
        answer = hub.embedding(role, ["hello world", "goodbye world"])
        text = f"{len(answer.data)} vectors of {len(answer.data[0].embedding)} numbers"
    else:
        answer = hub.completion(role, [{"role": "user", "content": QUESTION}])
        text = answer.choices[0].message.content or ""
    milliseconds = (monotonic() - began) * 1000
    usage = usage_of(answer)
    model = catalog.models.get(f"{target.provider}:{target.model}")
    cost = price_of(usage, model.price if model and model.price_state == "known" else None)
    tokens = f"{usage.input_tokens} + {usage.output_tokens or 0}" if usage else None
    return role, f"{target.provider}:{target.model}", text, f"{milliseconds:.0f}", tokens, dollars(cost)


def _show_next_steps() -> None:
    from llmhub.anyllm.providers import PROVIDERS

    found = [key for facts in PROVIDERS.values() for key in facts.env_keys if os.environ.get(key)]
    print_heading("\nThe same for real")
    if found:
        print_text(f"Found {', '.join(dict.fromkeys(found))} in the environment.", indent=3)
    else:
        print_text("Export a key first, for example OPENAI_API_KEY.", indent=3)
    print_text("llmhub init && llmhub generate && llmhub test", indent=3)


@contextmanager
def _provider() -> Iterator[str]:
    """The stand-in provider as a process of its own, by its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub.testing.server", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise HubError("the stand-in provider did not start on 127.0.0.1")
        yield url
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
