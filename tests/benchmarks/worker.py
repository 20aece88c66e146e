"""One client in a process of its own: makes calls when told to, and says how long they took.

    python worker.py KIND URL

reads numbers of calls from standard input, one a line, and answers each with a JSON line: microseconds per call (per
chunk for streams) and resident memory in MiB. It imports nothing but the client it measures, so that it also runs in a
peer's own environment.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

KEY = "sk-loopback-0123456789"
MESSAGES = [{"role": "user", "content": "Hello, how are you today?"}]
PARAMS = {"temperature": 0.2, "max_tokens": 100}
MODEL = "gpt-4o-mini"


def hub(base):
    from llmhub import Hub

    os.environ["OPENAI_API_KEY"] = KEY
    config = {
        "project": "bench",
        "providers": {"openai": {"api_base": base}},
        "roles": {"chat": {"provider": "openai", "model": MODEL, "params": PARAMS}},
    }
    return Hub(config=config)


def hub_with_everything(base):
    """A Hub with retries, price, ledger, a hard budget that every call falls under, and variants."""
    from llmhub import Hub

    os.environ["OPENAI_API_KEY"] = KEY
    role = {"provider": "openai", "model": MODEL, "params": PARAMS, "fallbacks": [{"provider": "openai", "model": "b"}]}
    variants = [{"name": "a", "weight": 1}, {"name": "b", "weight": 1, "params": {"temperature": 0.3}}]
    config = {
        "project": "bench",
        "providers": {"openai": {"api_base": base}},
        "roles": {"chat": {**role, "variants": variants, "sticky_by": "user"}},
        "budgets": {"all": {"limit": 1_000_000}},
    }
    return Hub(config=config)


def hub_everything_async(base):
    client = hub_with_everything(base)
    return lambda: client.acompletion("chat", MESSAGES, user="ada")


def hub_sync(base):
    client = hub(base)
    return lambda: client.completion("chat", MESSAGES)


def hub_async(base):
    client = hub(base)
    return lambda: client.acompletion("chat", MESSAGES)


def hub_stream(base):
    client = hub(base)

    async def call():
        return len([chunk async for chunk in await client.acompletion("chat", MESSAGES, stream=True)])

    return call


def anyllm_client(base):
    from any_llm import AnyLLM

    return AnyLLM.create("openai", KEY, base)


def anyllm_sync(base):
    client = anyllm_client(base)
    return lambda: client.completion(model=MODEL, messages=MESSAGES, **PARAMS)


def anyllm_async(base):
    client = anyllm_client(base)
    return lambda: client.acompletion(model=MODEL, messages=MESSAGES, **PARAMS)


def anyllm_stream(base):
    client = anyllm_client(base)

    async def call():
        stream = await client.acompletion(model=MODEL, messages=MESSAGES, stream=True, **PARAMS)
        return len([chunk async for chunk in stream])

    return call


def anyllm_function_sync(base):
    import any_llm

    return lambda: any_llm.completion(MODEL, MESSAGES, provider="openai", api_key=KEY, api_base=base, **PARAMS)


def anyllm_function_async(base):
    import any_llm

    return lambda: any_llm.acompletion(MODEL, MESSAGES, provider="openai", api_key=KEY, api_base=base, **PARAMS)


def openai_sync(base):
    import openai

    client = openai.OpenAI(api_key=KEY, base_url=base)
    return lambda: client.chat.completions.create(model=MODEL, messages=MESSAGES, **PARAMS)


def openai_async(base):
    import openai

    client = openai.AsyncOpenAI(api_key=KEY, base_url=base)
    return lambda: client.chat.completions.create(model=MODEL, messages=MESSAGES, **PARAMS)


def litellm_router(base):
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    litellm.suppress_debug_info = True
    deployment = {"model": f"openai/{MODEL}", "api_key": KEY, "api_base": base, **PARAMS}
    return litellm.Router(model_list=[{"model_name": "chat", "litellm_params": deployment}])


def litellm_sync(base):
    router = litellm_router(base)
    return lambda: router.completion("chat", MESSAGES)


def litellm_async(base):
    router = litellm_router(base)
    return lambda: router.acompletion("chat", MESSAGES)


def litellm_stream(base):
    router = litellm_router(base)

    async def call():
        return len([chunk async for chunk in await router.acompletion("chat", MESSAGES, stream=True)])

    return call


KINDS = {
    "hub-sync": hub_sync,
    "hub-async": hub_async,
    "hub-stream": hub_stream,
    "anyllm-sync": anyllm_sync,
    "anyllm-async": anyllm_async,
    "anyllm-stream": anyllm_stream,
    "anyllm-function-sync": anyllm_function_sync,
    "anyllm-function-async": anyllm_function_async,
    "openai-sync": openai_sync,
    "openai-async": openai_async,
    "litellm-sync": litellm_sync,
    "litellm-async": litellm_async,
    "litellm-stream": litellm_stream,
}


def memory():
    """Resident MiB now, 0 where /proc does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def answer(seconds, units):
    print(json.dumps({"microseconds": seconds / units * 1e6, "memory": memory()}), flush=True)


def run_sync(call):
    call()
    answer(0, 1)
    for line in sys.stdin:
        count = int(line)
        began = time.perf_counter()
        for _ in range(count):
            call()
        answer(time.perf_counter() - began, count)


async def run_async(call, streams):
    chunks = await call()
    answer(0, 1)
    for line in sys.stdin:
        count = int(line)
        began = time.perf_counter()
        for _ in range(count):
            chunks = await call()
        answer(time.perf_counter() - began, count * (chunks if streams else 1))


def main():
    kind, base = sys.argv[1:]
    call = KINDS[kind](base)
    if kind.endswith("-sync"):
        run_sync(call)
    else:
        asyncio.run(run_async(call, kind.endswith("-stream")))


if __name__ == "__main__":
    main()
