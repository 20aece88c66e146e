"""The walking skeleton: a role called over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from llmhub.workspace import Workspace
from llmhub_server.application import application
from llmhub_server.service import Service
from llmhub_server.settings import Settings


def test_a_role_is_called_by_its_name_as_the_model(hub, tmp_path: Path) -> None:
    service = Service(hub=hub, workspace=Workspace(tmp_path), settings=Settings())

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application(service))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.post(
                "/v1/chat/completions", json={"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}
            )

    answer = asyncio.run(ask())
    assert answer.status_code == 200
    assert answer.json()["choices"][0]["message"]["content"]
