"""What a model's id says, whoever hosts it: its maker, product line, version, size and date. Pure.

`eu.anthropic.claude-opus-4-8`, `anthropic/claude-opus-4.8` and `claude-opus-4-8@default` are one model of one line.
Nothing here links a model to a rating: that is the catalog's work, and stricter. It says which models are kin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from attrs import frozen

from llmhub.records.model import CanonicalModel

Line = tuple[str, tuple[str, ...]]
"""Maker and the words of the name, sorted, without numbers, dates, sizes, stages of release and the host's words."""


@frozen(kw_only=True)
class Name:
    """`size` counts billions of parameters, `mode` are words such as thinking, which a later generation of the line may
    have become a setting of. `moves` is true of a name that means another model every few months."""

    line: Line
    version: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    size: float | None = None
    dated: date | None = None
    moves: bool = False
    region: str = ""

    @property
    def maker(self) -> str:
        return self.line[0]

    @property
    def key(self) -> tuple[Line, tuple[str, ...], tuple[str, ...], float | None]:
        """Equal for a model and its dated snapshot, across hosts and speeds of serving."""
        return self.line, self.version, self.mode, self.size


def read_name(model: CanonicalModel) -> Name:
    """The id of *model* taken apart."""
    text, organisation, region = _undecorated(model.model_id.lower())
    text, dated = _take_date(text)
    words: list[str] = []
    version: list[str] = []
    sizes: list[float] = []
    stated = _TOKEN.findall(text)
    for token in stated:
        if size := _SIZE.match(token):
            if size[1] != "a":  # a22b: the parameters at work at a time
                words += [size[1]] if size[1] else []
                sizes.append(float(size[3]) * (float(size[2][:-1]) if size[2] else 1.0) / _UNITS[size[4]])
        elif (generation := _GENERATION.match(token)) and not _PLAIN.match(token):
            before, numbers, after = generation.groups()
            words += [word for word in (before, {"o": "", "v": "vision"}.get(after, after)) if word]
            version += [f"{numbers}o"] if after == "o" else numbers.split(".")  # the o of gpt-4o is part of its number
        elif not _PLAIN.match(token):
            words.append(token)
    maker = OWN_MAKER.get(model.provider) or _maker(words, organisation or model.provider)
    aside = _MODES | _NOISE | _SPEEDS.get(maker, frozenset()) | (_SPEEDS_WITH_SIZE if sizes else frozenset())
    while version[1:] and set(version[-1]) == {"0"}:  # claude-opus-4-0 is claude-opus-4
        version.pop()
    return Name(
        line=(maker, tuple(sorted(word for word in words if word not in aside))),
        version=tuple(version),
        mode=tuple(sorted(_MODES.intersection(words))),
        size=max(sizes, default=None),
        dated=dated or _month_of(version),
        moves=_moves(maker, stated, version, numbered=bool(version or sizes or dated)),
        region=region,
    )


def is_own(model: CanonicalModel, name: Name) -> bool:
    """Whether its own maker offers it."""
    return name.maker in (OWN_MAKER.get(model.provider), _ALSO_OWN.get(model.provider))


def released(model: CanonicalModel, name: Name) -> date | None:
    """The day of release; the first of the month where only that is known. `None` when unknown or no date.

    A snapshot is no older than the date in its name, whatever a source says.
    """
    stated = model.release_date or ""
    try:
        found = date.fromisoformat(f"{stated}-01" if len(stated) == 7 else stated)
    except ValueError:
        return None
    if found.year <= 1970:
        return None
    return max(found, name.dated) if name.dated else found


OWN_MAKER: Mapping[str, str] = {
    # Providers that sell hardly anything but what they make.
    "anthropic": "anthropic",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gemini": "google",
    "inception": "inception",
    "llama": "meta",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshot": "moonshot",
    "openai": "openai",
    "perplexity": "perplexity",
    "xai": "xai",
    "zai": "zhipu",
}

_ALSO_OWN: Mapping[str, str] = {"bedrock": "amazon", "dashscope": "alibaba", "vertexai": "google"}
"""Providers that sell their own beside others'."""

_MAKERS: Mapping[str, str] = {
    # The first word of these that stands in a name decides: a Nemotron is NVIDIA's though it may be called llama, too.
    "nemotron": "nvidia",
    "hermes": "nousresearch",
    "claude": "anthropic",
    "gpt": "openai",
    "chatgpt": "openai",
    "o": "openai",
    "gemini": "google",
    "gemma": "google",
    "deepseek": "deepseek",
    "mistral": "mistral",
    "ministral": "mistral",
    "magistral": "mistral",
    "mixtral": "mistral",
    "codestral": "mistral",
    "devstral": "mistral",
    "pixtral": "mistral",
    "voxtral": "mistral",
    "qwen": "alibaba",
    "qwq": "alibaba",
    "qvq": "alibaba",
    "grok": "xai",
    "kimi": "moonshot",
    "glm": "zhipu",
    "minimax": "minimax",
    "command": "cohere",
    "aya": "cohere",
    "nova": "amazon",
    "llama": "meta",
    "phi": "microsoft",
    "granite": "ibm",
    "sonar": "perplexity",
    "text": "openai",  # text-embedding-3-small
}

_NOISE = frozenset(
    {"latest", "preview", "beta", "exp", "experimental", "default", "instruct", "it", "chat", "hf", "maas", "tput"}
    | {"v", "awq", "open", "labs", "databricks", "groq", "cerebras", "moonshotai", "moonshot", "zai"}
    | {"meta", "cohere", "amazon", "nvidia", "openai", "anthropic", "google", "mistralai"}
)
"""Stages of release, ways to say version or chat, and who hosts it."""

_MODES = frozenset({"thinking", "think", "reasoning", "non"})

_SPEEDS: Mapping[str, frozenset[str]] = {
    # Words for the same weights at another speed. Elsewhere (grok-4-fast, glm-5-turbo) they name a model.
    "anthropic": frozenset({"fast"}),
    "deepseek": frozenset({"fast", "turbo"}),
    "meta": frozenset({"instant", "versatile", "turbo", "lite"}),
    "minimax": frozenset({"highspeed", "lightning"}),
    "moonshot": frozenset({"fast", "highspeed", "turbo"}),
    "zhipu": frozenset({"fast"}),
}
_SPEEDS_WITH_SIZE = frozenset({"fast", "turbo"})
_PINNED_BY_VERSION = frozenset({"anthropic", "xai"})
"""Makers who write `latest` after a version, where it means that version."""

_MOVING_WITHOUT_NUMBER = frozenset({"alibaba", "deepseek"})
"""Makers who point a name without any number (qwen-plus, deepseek-chat) at their latest model."""

_TOKEN = re.compile(r"[a-z0-9]+(?:\.\d+[a-z]*)*")
_SIZE = re.compile(r"^([a-z]?)(\d+x)?(\d+(?:\.\d+)?)([bmt])$")
_UNITS = {"b": 1.0, "m": 1000.0, "t": 0.001}
_GENERATION = re.compile(r"^([a-z]*?)(\d+(?:\.\d+)*)([a-z]*)$")
_PLAIN = re.compile(r"^(?:\d+[ek]|(?:fp|bf|int)\d+)$")
"""How many experts, how long a window, how it is quantised: neither a version nor a word."""

_BEDROCK = re.compile(r"^(?:(?P<region>us|eu|apac|global|au|jp|ca)\.)?(?P<maker>[a-z0-9]+)\.(?=[a-z])(?P<rest>.+)$")
_BEDROCK_SUFFIX = re.compile(r"(?:-v\d+:\d+|-\d+:\d+|-v1)$")
_FULL_DATES = (
    re.compile(r"[-@](?P<year>20[12]\d)-?(?P<month>[01]\d)-?(?P<day>[0-3]\d)(?=$|[-:])"),
    re.compile(r"[-@](?P<month>[01]\d)-(?P<year>20[12]\d)(?=$|[-:])"),
)
_YEAR_AND_MONTH = re.compile(r"^(2[3-9])(0[1-9]|1[0-2])$")


def _undecorated(text: str) -> tuple[str, str, str]:
    """The id without what its host put around it, the organisation that stood there, and Bedrock's region."""
    *folders, text = text.split("/")
    organisation = folders[-1].lstrip("~") if folders else ""
    region = ""
    if (bedrock := _BEDROCK.match(text)) and not folders:
        organisation, region = bedrock["maker"], bedrock["region"] or ""
        rest = _BEDROCK_SUFFIX.sub("", bedrock["rest"])
        text = f"{organisation}-{rest}" if re.match(r"^[vr]\d", rest) else rest  # deepseek.r1: the family stood before
    text = re.sub(r":[a-z]+$|@default$", "", text)
    return re.sub(r"(?<=\d)p(?=\d)", ".", text), organisation, region  # Fireworks writes glm-5p1


def _take_date(text: str) -> tuple[str, date | None]:
    for pattern in _FULL_DATES:
        if found := pattern.search(text):
            parts = {key: int(value) for key, value in found.groupdict().items()}
            try:
                stated = date(parts["year"], parts["month"], parts.get("day", 1))
            except ValueError:
                continue
            return text[: found.start()] + text[found.end() :], stated
    return text, None


def _moves(maker: str, stated: list[str], version: list[str], *, numbered: bool) -> bool:
    if "latest" in stated:
        return not (version and maker in _PINNED_BY_VERSION)
    return not numbered and maker in _MOVING_WITHOUT_NUMBER


def _month_of(version: list[str]) -> date | None:
    """2512 is December 2025."""
    found = next((found for number in version if (found := _YEAR_AND_MONTH.match(number))), None)
    return date(2000 + int(found[1]), int(found[2]), 1) if found else None


def _maker(words: list[str], otherwise: str) -> str:
    return next((maker for word, maker in _MAKERS.items() if word in words), otherwise)
