"""Tables behind `identity`: who makes which family, and which parts of a name are known to change nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

FAMILIES: Mapping[str, str] = {
    # The first that stands in a name decides: a Nemotron is NVIDIA's though its name begins with llama.
    "nemotron": "nvidia",
    "tulu": "allenai",
    "olmo": "allenai",
    "hermes": "nousresearch",
    "wizardlm": "microsoft",
    "claude": "anthropic",
    "chatgpt": "openai",
    "gpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "gemini": "google",
    "gemma": "google",
    "palm": "google",
    "codellama": "meta",
    "deepseek": "deepseek",
    "llama": "meta",
    "mixtral": "mistral",
    "ministral": "mistral",
    "magistral": "mistral",
    "codestral": "mistral",
    "devstral": "mistral",
    "pixtral": "mistral",
    "voxtral": "mistral",
    "mistral": "mistral",
    "qwen": "alibaba",
    "qwq": "alibaba",
    "qvq": "alibaba",
    "grok": "xai",
    "kimi": "moonshot",
    "glm": "zhipu",
    "chatglm": "zhipu",
    "minimax": "minimax",
    "command": "cohere",
    "aya": "cohere",
    "nova": "amazon",
    "phi": "microsoft",
    "mai": "microsoft",
    "granite": "ibm",
    "yi": "01ai",
    "step": "stepfun",
    "hunyuan": "tencent",
    "ernie": "baidu",
    "jamba": "ai21",
    "reka": "reka",
    "longcat": "meituan",
    "mercury": "inception",
    "ling": "inclusionai",
    "ring": "inclusionai",
    "solar": "upstage",
    "mimo": "xiaomi",
    "palmyra": "writer",
    "intellect": "primeintellect",
    "doubao": "bytedance",
    "seed": "bytedance",
    "trinity": "arcee",
    "virtuoso": "arcee",
    "laguna": "poolside",
    "cogito": "deepcogito",
    "sonar": "perplexity",
    "lfm": "liquid",
    "rnj": "essentialai",
    "kat": "kwaipilot",
    "jais": "core42",
    "exaone": "lg",
    "muse": "meta",
    "internlm": "shanghai-ai-lab",
    "falcon": "tii",
    "dbrx": "databricks",
    "apertus": "swiss-ai",
}

MAKERS_BY_ORGANISATION: Mapping[str, str] = {
    "01-ai": "01ai",
    "ai21": "ai21",
    "ai21-labs": "ai21",
    "alibaba": "alibaba",
    "allenai": "allenai",
    "amazon": "amazon",
    "anthropic": "anthropic",
    "arcee-ai": "arcee",
    "baidu": "baidu",
    "bytedance": "bytedance",
    "bytedance-seed": "bytedance",
    "cohere": "cohere",
    "core42": "core42",
    "deepcogito": "deepcogito",
    "deepseek": "deepseek",
    "deepseek-ai": "deepseek",
    "essentialai": "essentialai",
    "google": "google",
    "ibm-granite": "ibm",
    "inception": "inception",
    "inclusionai": "inclusionai",
    "kimi": "moonshot",
    "kwaipilot": "kwaipilot",
    "lgai-exaone": "lg",
    "liquid": "liquid",
    "liquidai": "liquid",
    "meituan": "meituan",
    "meta": "meta",
    "meta-llama": "meta",
    "microsoft": "microsoft",
    "minimax": "minimax",
    "minimaxai": "minimax",
    "mistral": "mistral",
    "mistral-ai": "mistral",
    "mistralai": "mistral",
    "moonshot": "moonshot",
    "moonshotai": "moonshot",
    "nousresearch": "nousresearch",
    "nvidia": "nvidia",
    "openai": "openai",
    "perplexity": "perplexity",
    "poolside": "poolside",
    "prime-intellect": "primeintellect",
    "primeintellect": "primeintellect",
    "qwen": "alibaba",
    "rekaai": "reka",
    "stepfun": "stepfun",
    "stepfun-ai": "stepfun",
    "tencent": "tencent",
    "thudm": "zhipu",
    "upstage": "upstage",
    "writer": "writer",
    "x-ai": "xai",
    "xai": "xai",
    "xiaomi": "xiaomi",
    "xiaomimimo": "xiaomi",
    "z-ai": "zhipu",
    "zai": "zhipu",
    "zai-org": "zhipu",
    "zhipuai": "zhipu",
}

FIRST_PARTY: Mapping[str, frozenset[str]] = {
    "amazon": frozenset({"bedrock"}),
    "anthropic": frozenset({"anthropic"}),
    "alibaba": frozenset({"dashscope"}),
    "cohere": frozenset({"cohere"}),
    "deepseek": frozenset({"deepseek"}),
    "google": frozenset({"gemini", "vertexai"}),
    "minimax": frozenset({"minimax"}),
    "mistral": frozenset({"mistral"}),
    "moonshot": frozenset({"moonshot"}),
    "openai": frozenset({"openai"}),
    "xai": frozenset({"xai"}),
    "zhipu": frozenset({"zai"}),
}
"""Maker to the any-llm providers that are the maker's own: what they list is what the maker calls its models."""

NEUTRAL_FOLDERS = frozenset({"models", "routers"})
"""Folders of an id that say where it runs, not who made it (`accounts/fireworks/models/`, `models/`)."""

HOST_PREFIXES = re.compile(
    r"^(?:databricks|cerebras|groq)-(?=[a-z])"
    r"|^(?:ai21-(?=jamba)|amazon-(?=nova)|anthropic-+(?=claude)|cohere-(?=command)|meta-(?=llama)|nvidia-(?=llama)|openai-(?=gpt|o\d)"
    r"|open-(?=mi[sx]tral)|moonshot-(?=kimi)|zai-(?=glm))"
)

NAMED_AFTER_NOTHING_ELSE = frozenset({"o1", "o3", "o4"})
"""Families whose bare name is a model; elsewhere it stands for all of them."""

INSTRUCT = frozenset({"instruct", "it", "chat", "hf"})

OPEN_WEIGHT_FAMILIES = frozenset(
    {"deepseek", "gemma", "glm", "granite", "kimi", "llama", "ministral", "mistral", "mixtral", "nemotron", "olmo"}
    | {"phi", "qwen", "solar", "yi"}
)
"""Families whose hosts write instruct, it or chat, or leave it out, for the same weights."""

QUANTISATIONS = frozenset({"fp4", "fp8", "fp16", "bf16", "int4", "int8", "awq", "gptq", "gguf", "mxfp4", "nvfp4"})

NOISE: Mapping[str, frozenset[str]] = {
    # Words that change nothing in this family, though they may in another.
    "deepseek": frozenset({"671b", "685b"}),  # the size of all that is not distilled
    "kimi": frozenset({"1t"}),
    "llama": frozenset({"instant", "versatile"}),  # Groq's words for what it serves fast
    "nova": frozenset({"v1", "v1.0"}),  # Amazon counts generations before the size (nova-2-lite-v1)
}

ONLY_BUILDS: Mapping[str, frozenset[str]] = {
    # The first and only build of these, which some names state and others leave out.
    "mixtral": frozenset({"v0.1"}),
    "solar": frozenset({"v1.0"}),
}

SPEEDS: Mapping[str, frozenset[str]] = {
    # Words for the same weights at another speed. Elsewhere (grok-4-fast, qwen-turbo, glm-5-turbo) they name a model.
    "claude": frozenset({"fast"}),
    "deepseek": frozenset({"fast", "turbo"}),
    "gemma": frozenset({"fast"}),
    "kimi": frozenset({"fast", "highspeed", "turbo"}),
    "llama": frozenset({"fast", "lite", "turbo"}),
    "minimax": frozenset({"highspeed", "lightning"}),
}

SIZE_WORDS = frozenset({"large", "medium", "small", "mini", "nano", "super", "ultra", "maverick", "scout"})
"""Words that say how large a model is among those of its version: a number of parameters beside them repeats it."""

STAGES = frozenset({"preview", "beta"})
"""How far a model has come. The same snapshot keeps its date while it goes from one to the next."""

PINNED_WITHOUT_VERSION = frozenset({"command", "longcat", "nova", "yi"})
"""Families whose names without any number were never pointed at another model."""

PINNED_BY_THEIR_VERSION = frozenset({"claude", "grok"})
"""Families that write `latest` after a version, where it means that version (grok-3-mini-latest)."""

CLOSED_PRODUCTS = frozenset({"max", "plus", "turbo", "flash"})
"""What Alibaba's hosted models are called, beside its open weights of the same family."""
