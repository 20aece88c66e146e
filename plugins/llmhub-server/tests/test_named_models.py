"""Models that may be asked for by their own names."""

from __future__ import annotations

import json

import httpx
import pytest

from llmhub.errors import HubError
from llmhub.records.config import HubConfig, RoleConfig
from llmhub_server.named_models import with_models

HELLO = [{"role": "user", "content": "Hello"}]


def test_a_model_that_was_named_at_the_start_is_served_and_listed_and_no_other(started):
    url = started("--model", "loopback:gpt-4o", "--model", "loopback:text-embedding-3-large").url
    chat = {"model": "loopback:gpt-4o", "messages": HELLO}
    answer = httpx.post(f"{url}/v1/chat/completions", json=chat, timeout=20)
    assert (answer.status_code, answer.headers["x-llmhub-target"]) == (200, "loopback:gpt-4o")
    embed = {"model": "loopback:text-embedding-3-large", "input": "Hello"}
    assert httpx.post(f"{url}/v1/embeddings", json=embed).status_code == 200
    assert "loopback:gpt-4o" in [model["id"] for model in httpx.get(f"{url}/v1/models").json()["data"]]
    other = httpx.post(f"{url}/v1/chat/completions", json={**chat, "model": "loopback:gpt-4o-mini"})
    assert other.json()["error"]["code"] == "model_not_found"


def test_defaults_serve_whatever_is_asked_for_where_the_start_allows_it(started, project):
    config = json.loads((project.folder / "llmhub.yaml").read_text(encoding="utf-8"))
    project.write({**config, "defaults": {"provider": "loopback", "model": "gpt-4o"}})
    url = started("--serve-defaults").url
    answer = httpx.post(f"{url}/v1/chat/completions", json={"model": "anything", "messages": HELLO}, timeout=20)
    assert answer.headers["x-llmhub-target"] == "loopback:gpt-4o"


def test_a_role_of_that_name_stays():
    role = RoleConfig(provider="openai", model="other")
    config = HubConfig(project="test", roles={"openai:gpt-4o": role})
    assert with_models(config, ["openai:gpt-4o"]) is config


@pytest.mark.parametrize(
    ("name", "said"),
    [("gpt-4o", "provider:model"), ("openai:", "provider:model"), ("opnai:gpt-4o", "Did you mean openai:gpt-4o?")],
)
def test_a_name_that_can_be_none_is_refused(project, name, said):
    with pytest.raises(HubError, match="--model"):
        with_models(HubConfig(project="test"), [name])
    ended = project.command("serve", "--port", "0", "--model", name)
    assert isinstance(ended.exception, HubError)
    assert said in str(ended.exception)
