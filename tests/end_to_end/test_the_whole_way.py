"""Spec, generate, call: the documented examples as they stand, as processes, against the loopback server.

The server is reached through any-llm's own variables for the address, so that not a character of the examples changes.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SPEC = """\
# llmhub.spec.yaml
project: my-app
env: dev
providers:
  openai: {enabled: true, env_key: OPENAI_API_KEY}
  anthropic: {enabled: true, env_key: ANTHROPIC_API_KEY}
roles:
  llm.preprocess:
    kind: chat            # chat, embedding, image, audio, tool, other
    description: Fast preprocessing model to normalize input
    preferences: {cost: low, latency: low, quality: medium, providers: [openai]}
  llm.inference:
    kind: chat
    description: Main reasoning model for answering questions
    preferences: {cost: medium, latency: medium, quality: high, providers: [openai, anthropic]}
  llm.embedding:
    kind: embedding
    description: Vector embeddings for retrieval
    preferences: {cost: low, latency: low, quality: medium, providers: [openai]}
defaults:
  providers: [openai, anthropic]
"""

CONFIG = """\
# llmhub.yaml
project: my-app
env: dev
providers:
  openai: {env_key: OPENAI_API_KEY}
  anthropic: {env_key: ANTHROPIC_API_KEY}
roles:
  llm.preprocess: {provider: openai, model: gpt-4o-mini, mode: chat, params: {temperature: 0.2, max_tokens: 512}}
  llm.inference: {provider: anthropic, model: claude-3-5-sonnet-20241022, mode: chat, \
params: {temperature: 0.7, max_tokens: 2048}}
  llm.embedding: {provider: openai, model: text-embedding-3-small, mode: embedding, params: {embedding_dim: 1536}}
defaults: {provider: openai, model: gpt-4o-mini, mode: chat, params: {temperature: 0.3, max_tokens: 1024}}
"""

PROGRAM = """\
from llmhub import Hub

def log_before(ctx):
    print(f"Calling {ctx['provider']}:{ctx['model']} for role {ctx['role']}")

def log_after(result):
    print(f"Call {'succeeded' if result['success'] else 'failed'}")

hub = Hub(config_path="llmhub.yaml", strict_env=True, on_before_call=log_before, on_after_call=log_after)
response = hub.completion(role="llm.inference", messages=[{"role": "user", "content": "Hello"}],
                          params_override={"temperature": 1.0, "max_tokens": 100})
vectors = hub.embedding(role="llm.embedding", input=["hello world", "goodbye world"])
"""

BOTH_FORMS = """\
import asyncio
from llmhub import Hub

ASK = [{"role": "user", "content": "Hello"}]
ROLES = ["llm.preprocess", "llm.inference", "some.role.the.file.lacks"]

def text(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)

async def ask(hub, role):
    whole = (await hub.acompletion(role, ASK)).choices[0].message.content
    assert whole == text([chunk async for chunk in await hub.acompletion(role, ASK, stream=True)])
    return whole

hub = Hub(strict_env=True)
for role in ROLES:
    whole = hub.completion(role, ASK).choices[0].message.content
    assert whole == text(hub.completion(role, ASK, stream=True)) == asyncio.run(ask(hub, role))
    print(role, hub.resolve(role).primary.provider, whole)
assert len(asyncio.run(hub.aembedding("llm.embedding", "x")).data[0].embedding) == 1536
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def environment(provider_server, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "OPENAI_API_KEY": "sk-loopback-0123456789",
        "ANTHROPIC_API_KEY": "sk-loopback-0123456789",
        "OPENAI_BASE_URL": provider_server.openai_base,
        "ANTHROPIC_BASE_URL": provider_server.anthropic_base,
        "LLMHUB_CACHE_DIR": str(tmp_path / "cache"),
        "LLMHUB_OFFLINE": "1",
        "PYTHONWARNINGS": "error",
    }


def run(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_the_documented_configuration_and_program_run_as_they_stand(folder, environment, provider_server):
    (folder / "llmhub.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    ended = run(folder, environment, "program.py")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == [
        "Calling anthropic:claude-3-5-sonnet-20241022 for role llm.inference",
        "Call succeeded",
        "Calling openai:text-embedding-3-small for role llm.embedding",
        "Call succeeded",
    ]
    chat, vectors = provider_server.requests
    assert (chat.path, chat.json["temperature"], chat.json["max_tokens"]) == ("/v1/messages", 1.0, 100)
    assert (vectors.path, vectors.json["dimensions"]) == ("/v1/embeddings", 1536)


def test_the_documented_configuration_answers_sync_async_and_streaming(folder, environment):
    (folder / "llmhub.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "program.py").write_text(BOTH_FORMS, encoding="utf-8")
    ended = run(folder, environment, "program.py")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [line.split()[:2] for line in ended.stdout.splitlines()] == [
        ["llm.preprocess", "openai"],
        ["llm.inference", "anthropic"],
        ["some.role.the.file.lacks", "openai"],
    ]


def test_the_documented_spec_becomes_a_configuration_that_answers(folder, environment):
    (folder / "llmhub.spec.yaml").write_text(SPEC, encoding="utf-8")
    generated = run(folder, environment, "-m", "llmhub", "generate", "--yes")
    assert generated.returncode == 0, generated.stderr
    assert run(folder, environment, "-m", "llmhub", "roles").stdout.count("openai:") >= 2
    tested = run(folder, environment, "-m", "llmhub", "test")
    assert tested.returncode == 0, tested.stdout
    assert tested.stdout.count(" ok ") == 3


def test_strict_env_names_every_missing_key_before_anything_else_happens(folder, environment, provider_server):
    (folder / "llmhub.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    environment |= {"OPENAI_API_KEY": "", "ANTHROPIC_API_KEY": ""}
    ended = run(folder, environment, "program.py")
    assert "MissingKeysError" in ended.stderr
    assert "OPENAI_API_KEY (for openai)" in ended.stderr
    assert "ANTHROPIC_API_KEY (for anthropic)" in ended.stderr
    assert provider_server.counts.requests == 0


def test_keys_may_stand_in_a_file_beside_the_configuration(folder, environment):
    (folder / "llmhub.yaml").write_text(CONFIG, encoding="utf-8")
    keys = "OPENAI_API_KEY=sk-a-0123456789\nANTHROPIC_API_KEY=sk-b-0123456789\n"
    (folder / ".env").write_text(keys, encoding="utf-8")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        del environment[name]
    assert run(folder, environment, "program.py").returncode == 0
