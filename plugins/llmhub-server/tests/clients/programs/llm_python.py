"""simonw/llm by its command line: chat, stream, a tool, embeddings, and an error."""

import json
import os
import subprocess
import sys
from pathlib import Path

home = Path(os.environ["LLM_USER_PATH"])
base = f"{os.environ['GATEWAY']}/v1"
models = [
    {
        "model_id": name,
        "model_name": name,
        "api_base": base,
        "api_key_name": "gateway",
        "supports_tools": True,
        "supports_schema": True,
    }
    for name in ("chat", "chatt")
]
# YAML is a superset of JSON.
(home / "extra-openai-models.yaml").write_text(json.dumps(models))
(home / "keys.json").write_text(json.dumps({"gateway": os.environ["GATEWAY_KEY"], "openai": os.environ["GATEWAY_KEY"]}))
environ = {**os.environ, "OPENAI_BASE_URL": base}


def llm(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "llm", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)


def told(*arguments: str) -> str:
    done = llm(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


called = told("-m", "chat", "--functions", "def weather(city: str) -> str:\n    return 'sunny'", "Use the weather tool")
failed = llm("-m", "chatt", "Hello there")
print(
    json.dumps(
        {
            "chat": told("-m", "chat", "--no-stream", "Hello there"),
            "stream": told("-m", "chat", "Hello there"),
            "tool": called,
            "embedding": [len(json.loads(told("embed", "-m", "text-embedding-3-small", "-c", "a")))],
            "error": {"class": "exit", "status": failed.returncode, "message": failed.stderr},
        }
    )
)
