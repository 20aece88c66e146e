"""The paths under `/_llmhub/`, by which a test scripts and asks a server in another process.

| request | body | what it does |
|---|---|---|
| `POST /_llmhub/script` | `{"model": "gpt-4o", "faults": ["500", "ok"], "afterwards": "503"}` | play a `Script` |
| `POST /_llmhub/reply` | `{"model": "gpt-4o", "text": "..."}` | answer so from now on |
| `POST /_llmhub/clear` | | forget scripts and replies |
| `POST /_llmhub/reset` | | forget them, and count from zero |
| `GET /_llmhub/counts` | | the fields of `Counts` |
| `GET /_llmhub/requests` | | the last requests, oldest first |

`afterwards` may be left out. None of them is counted, and none asks for a key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from attrs import asdict

from llmhub.testing.counters import Counters
from llmhub.testing.faults import Fault, Script, Scripts
from llmhub.testing.wire import Reply, json_reply

PREFIX: Final = "/_llmhub/"


def administer(method: str, path: str, body: bytes, scripts: Scripts, counters: Counters) -> Reply:
    """Do what an administrative request says; status 404 or 400 with the reason when it cannot be done."""
    action = f"{method} {path.removeprefix(PREFIX)}"
    if action == "GET counts":
        return json_reply(asdict(counters.counts()))
    if action == "GET requests":
        return json_reply([asdict(one) | {"body": one.body.decode("utf-8", "replace")} for one in counters.recorded()])
    if action == "POST clear":
        scripts.clear()
        return json_reply({"ok": True})
    if action == "POST reset":
        scripts.clear()
        counters.reset()
        return json_reply({"ok": True})
    try:
        if action == "POST script":
            document = _document(body, {"model": str, "faults": list})
            scripts.play(document["model"], _script(document))
            return json_reply({"ok": True})
        if action == "POST reply":
            document = _document(body, {"model": str, "text": str})
            scripts.reply(document["model"], document["text"])
            return json_reply({"ok": True})
    except ValueError as problem:
        return json_reply({"error": str(problem)}, status=400)
    return json_reply({"error": f"there is no {action!r} here"}, status=404)


def _document(body: bytes, fields: Mapping[str, type]) -> Mapping[str, Any]:
    document = json.loads(body)
    document = document if isinstance(document, dict) else {}
    problems = [
        f"{name} must be a {kind.__name__}" for name, kind in fields.items() if not isinstance(document.get(name), kind)
    ]
    if problems:
        raise ValueError("; ".join(problems))
    return document


def _script(document: Mapping[str, Any]) -> Script:
    afterwards = Fault.parse(str(document.get("afterwards", "ok")))
    return Script(faults=tuple(Fault.parse(str(word)) for word in document["faults"]), afterwards=afterwards)
