"""`llmhub generate --measure`: what real calls took decides between models, and the file says so ever after."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from llmhub import Hub

SPEC = """\
project: shop
providers: {{openai: {{api_base: "{url}"}}}}
roles:
  answers: {{kind: chat, preferences: {{latency: low}}, weights: {{latency: 9}}}}
"""

CONFIG = """\
project: shop
providers: {{openai: {{api_base: "{url}"}}}}
roles:
  small: {{provider: openai, model: x-nano, mode: chat}}
  large: {{provider: openai, model: x-large, mode: chat}}
"""

CALLS = 20


@pytest.fixture
def measured_project(project, stock, make_model, provider_server, monkeypatch, tmp_path):
    """A ledger in which the small model, which its name says is the faster, took ten times as long."""
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    stock(make_model("openai:x-nano"), make_model("openai:x-large"))
    (project / "llmhub.spec.yaml").write_text(SPEC.format(url=provider_server.openai_base), encoding="utf-8")
    config = project / "llmhub.yaml"
    config.write_text(CONFIG.format(url=provider_server.openai_base), encoding="utf-8")
    for model in ("x-nano", "x-large"):
        provider_server.reply(model, "word " * 250)
    provider_server.always("x-nano", "hang-2.5")

    async def use() -> None:
        async with Hub(config) as hub:
            asked = [{"role": "user", "content": "Hello"}]
            await asyncio.gather(*(hub.acompletion(role, asked) for role in ("small", "large") for _ in range(CALLS)))

    asyncio.run(use())
    config.unlink()
    return project


def chosen(project):
    text = (project / "llmhub.yaml").read_text(encoding="utf-8")
    return next(line.split(": ")[1] for line in text.splitlines() if line.strip().startswith("model:"))


@pytest.mark.slow
def test_what_was_measured_here_decides_and_gives_the_same_file_again(run, measured_project):
    assert run("generate").returncode == 0
    assert chosen(measured_project) == "x-nano", "by its name it is the faster one"
    told = run("upgrade")
    assert re.search(r"openai:x-nano: [2-9]\.?\d* s \(20 calls\), only estimated there", told.stdout)
    assert "`llmhub generate --measure`" in told.stdout

    tried = run("generate", "--measure", "--dry-run")
    assert "x-large" in tried.stdout, tried.stderr
    assert not (measured_project / "llmhub.measured.yaml").exists()

    done = run("generate", "--measure", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Wrote llmhub.measured.yaml: 2 models measured." in done.stderr
    assert chosen(measured_project) == "x-large"
    text = (measured_project / "llmhub.yaml").read_text(encoding="utf-8")
    assert "s measured here, 20 calls to " in " ".join(text.split())

    assert run("generate", "--check").returncode == 0
    assert run("generate").stdout.strip() == "llmhub.yaml is up to date."
    assert (measured_project / "llmhub.yaml").read_text(encoding="utf-8") == text
    assert "took another time" not in run("upgrade").stdout
    assert "x-large" in run("why", "answers").stdout

    measurements = measured_project / "llmhub.measured.yaml"
    measurements.write_text(measurements.read_text(encoding="utf-8").replace("calls: 20", "calls: 21"))
    verdict = json.loads(run("generate", "--check", "--json").stdout)
    assert verdict["causes"] == ["measured"]
    assert "the measured latencies changed" in run("generate", "--check").stdout
    assert "the measured latencies changed" in run("status").stdout

    old = measurements.read_text(encoding="utf-8").splitlines()
    measurements.write_text("\n".join('until: "2026-01-01"' if "until" in line else line for line in old))
    assert "llmhub.measured.yaml is " in run("generate", "--dry-run").stderr

    measurements.write_text("until: 3\n")
    faulty = run("generate", "--dry-run")
    assert faulty.returncode == 1
    assert "llmhub.measured.yaml" in faulty.stderr
    assert "1:8" in faulty.stderr


def test_too_few_calls_measure_nothing_and_change_nothing(run, project, stock, make_model, config):
    (project / "llmhub.spec.yaml").write_text(SPEC.format(url="http://127.0.0.1:9/v1"), encoding="utf-8")
    stock(make_model("openai:x-nano"))
    before = config.read_text(encoding="utf-8")
    ended = run("generate", "--measure", "--yes")
    assert ended.returncode == 1
    assert "too little to measure" in ended.stderr
    assert config.read_text(encoding="utf-8") == before
    assert not (project / "llmhub.measured.yaml").exists()


def test_checking_measures_nothing(run, project):
    ended = run("generate", "--check", "--measure")
    assert ended.returncode == 2
    assert "--measure has no place" in ended.stderr
