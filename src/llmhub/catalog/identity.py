"""What makes two names the same model: maker, tokens, date, mode. Pure, and never by similarity.

A name is stripped of what its host wrapped around it, then taken apart: the date of the snapshot, the mode of
reasoning, and all other tokens. Two names mean the same model when maker and tokens are equal, token by token: a token
that is not understood stays in, and so forbids a link. What is taken out is only what is known to change nothing.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from attrs import field, frozen

from llmhub.catalog.mode import Mode, stated_mode, take_mode
from llmhub.catalog.naming import (
    FAMILIES,
    HOST_PREFIXES,
    INSTRUCT,
    MAKERS_BY_ORGANISATION,
    NAMED_AFTER_NOTHING_ELSE,
    NEUTRAL_FOLDERS,
    NOISE,
    ONLY_BUILDS,
    OPEN_WEIGHT_FAMILIES,
    PINNED_BY_THEIR_VERSION,
    PINNED_WITHOUT_VERSION,
    QUANTISATIONS,
    SPEEDS,
    STAGES,
)
from llmhub.catalog.snapshot_date import SnapshotDate, take_date

Stem = tuple[str, tuple[str, ...]]
"""Maker and sorted tokens."""


@frozen(kw_only=True)
class Identity:
    """A name taken apart. `mode` is "", "thinking", "no-thinking" or an effort; `mode_label` as the name wrote it.

    `pinned` is false for a floating product (`qwen-plus`, `...-latest`): without a date it means another model every
    few months. `versioned` is true when a version number stands in the name, `latest` when that word followed it.
    `build` is the build where only one was ever made, so that it may be left out.
    """

    maker: str
    tokens: tuple[str, ...]
    date: SnapshotDate | None = None
    mode: str = ""
    mode_label: str = ""
    pinned: bool = True
    versioned: bool = False
    latest: bool = False
    build: str = ""
    family: str = field(default="")

    @property
    def stem(self) -> Stem:
        """What must be equal for two names to mean the same model, date and mode apart."""
        return self.maker, self.tokens

    @cached_property
    def core(self) -> Stem:
        """The stem without words for stage and speed, which one model goes through or is served at."""
        aside = STAGES | self._speeds
        return self.maker, tuple(token for token in self.tokens if token not in aside)

    @property
    def stage(self) -> str:
        """ "preview" or "beta" when the name says so."""
        return next((token for token in self.tokens if token in STAGES), "")

    @property
    def speed(self) -> str:
        """The word for another speed of the same weights (`fast`, `turbo`), where it is one."""
        return next((token for token in self.tokens if token in self._speeds), "")

    @cached_property
    def versions(self) -> frozenset[float]:
        """The version numbers in the name."""
        return frozenset(float(found[1]) for token in self.tokens if (found := _BARE_VERSION.match(token)))

    @cached_property
    def sizes(self) -> tuple[str, ...]:
        """The numbers of parameters in the name (`24b`)."""
        return tuple(token for token in self.tokens if _SIZE.match(token))

    @property
    def _speeds(self) -> frozenset[str]:
        if self.family == "qwen":  # qwen-turbo is a model; Qwen2.5-72B-Instruct-Turbo a way to serve one
            return frozenset({"fast", "turbo"}) if self.sizes else frozenset()
        return SPEEDS.get(self.family, frozenset())


@lru_cache(maxsize=1 << 15)  # a build asks for each of 7,000 names four times
def identify(name: str) -> Identity | None:
    """The identity a name states, or `None` when it states none: an unknown organisation, or nothing but a family."""
    bare, organisation, bracketed = _undecorated(name)
    if organisation is not None and organisation not in MAKERS_BY_ORGANISATION:
        return None
    text, date = take_date(bare)
    tokens = _tokens(text)
    family = next((known for known in FAMILIES if known in tokens), "")
    stated = MAKERS_BY_ORGANISATION.get(organisation or "", "")
    maker = FAMILIES.get(family) or stated
    if not tokens or (stated and stated != maker):
        return None
    if tokens == [family] and date is None and family not in NAMED_AFTER_NOTHING_ELSE:
        return None
    tokens, mode = take_mode(tokens, family, maker) if bracketed is None else (tokens, bracketed)
    meaningful = _without_noise(tokens, family, dated=date is not None)
    latest = _is_pinned_by_its_version(meaningful, family)
    if latest:
        meaningful.remove("latest")
    build = next((token for token in meaningful if token in ONLY_BUILDS.get(family, ())), "")
    meaningful = [token for token in meaningful if token != build]
    return Identity(
        maker=maker,
        tokens=tuple(sorted(meaningful)),
        date=date,
        mode=mode.name,
        mode_label=mode.label,
        pinned=_is_pinned(meaningful, family),
        versioned=any(_VERSION.match(token) for token in meaningful),
        latest=latest,
        build=build,
        family=family,
    )


_VERSION = re.compile(r"^[vkmro]?\d+(\.\d+)?(?![bkx\d])[a-z]?$")
_BARE_VERSION = re.compile(r"^v?(\d+(?:\.\d+)?)$")
_SIZE = re.compile(r"^\d+(\.\d+)?b$")

# --- 1. what the host wrapped around it -----------------------------------------------------------------------------

_BEDROCK = re.compile(r"^(?:(?:us|eu|apac|global|au|jp|ca)\.)?(?P<maker>[a-z0-9]+)\.(?=[a-z])(?P<rest>.+)$")
_BEDROCK_SUFFIX = re.compile(r"(?:-v[1-9]:\d+|-\d+:\d+|-v1)$")
_OPENROUTER_SUFFIX = re.compile(r":(?:free|exacto|nitro|floor)$")
_HARNESS = re.compile(r"\s*\([^()]*-harness\)$")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)$")


def _undecorated(name: str) -> tuple[str, str | None, Mode | None]:
    """The bare name, the organisation its path or prefix names, and the mode that stands in brackets after it."""
    text = _HARNESS.sub("", name.strip().lower())
    *folders, text = text.split("/")
    organisation = folders[-1].removeprefix("hf:") if folders else None
    if organisation in NEUTRAL_FOLDERS:
        organisation = None
    brackets = _BRACKETS.search(text)
    mode = stated_mode(brackets[1]) if brackets else None
    if brackets and (mode or brackets[1] in ("free", "exacto")):
        text = text[: brackets.start()]
    text = _OPENROUTER_SUFFIX.sub("", text)
    bedrock = _BEDROCK.match(text)
    if bedrock and bedrock["maker"] in MAKERS_BY_ORGANISATION and not folders:
        organisation = bedrock["maker"]
        text = _BEDROCK_SUFFIX.sub("", bedrock["rest"])
        if re.match(r"^[vr]\d", text):  # deepseek.r1: the prefix is the family as well
            text = f"{organisation}-{text}"
    text = re.sub(r"v0:(\d)$", r"v0.\1", text)
    text = re.sub(r"@default$|-maas$", "", text)
    return HOST_PREFIXES.sub("", text), organisation, mode


# --- 3. versions and tokens -----------------------------------------------------------------------------------------


def _tokens(text: str) -> list[str]:
    text = re.sub(r"(\d)[_p](?=\d)", r"\1.", text)  # llama-3_1, deepseek-v3p1
    text = re.sub(r"(?<![\d.])(\d{1,2})-(\d)(?=v?(?:$|[-_:@ ]))", r"\1.\2", text)  # claude-opus-4-1
    text = re.sub(r"\bv0(\d)\b", r"v0.\1", text)  # mistral-7b-instruct-v03
    tokens: list[str] = []
    for token in re.split(r"[-_:@\s()]+", text):
        split = re.match(r"^([a-z]{3,})(\d.*)$", token)  # llama3.1, qwen2.5
        tokens.extend(split.groups() if split and token not in STAGES else (token,))
    return [token for token in tokens if token]


# --- 5. noise, only where it is known to be noise -------------------------------------------------------------------


def _without_noise(tokens: list[str], family: str, *, dated: bool) -> list[str]:
    aside = QUANTISATIONS | NOISE.get(family, frozenset())
    kept = [token for token in tokens if token not in aside]
    if family in OPEN_WEIGHT_FAMILIES:
        kept = [token for token in kept if token not in INSTRUCT]
        if any(_SIZE.match(token) for token in kept):
            kept = [token for token in kept if not re.match(r"^a\d+(\.\d+)?b$", token)]
    if family == "llama" and "4" in kept:
        kept = [token for token in kept if token not in ("17b", "16e", "128e")]
    if family == "claude":  # claude-opus-4-0 is claude-opus-4; nowhere else is a .0 noise
        kept = [token.removesuffix(".0") for token in kept]
    if family == "kimi" and dated:  # Moonshot calls its hosted open weights so, other hosts do not
        kept = [word for word in kept if word != "preview"]
    if family == "gpt" and "chat" in kept and any(_VERSION.match(token) for token in kept):
        kept = [word for word in kept if word != "latest"]  # the version before it pins what "latest" is
    return kept


def _is_pinned_by_its_version(tokens: list[str], family: str) -> bool:
    return (
        family in PINNED_BY_THEIR_VERSION
        and tokens[-1:] == ["latest"]
        and any(_VERSION.match(token) for token in tokens)
    )


def _is_pinned(tokens: list[str], family: str) -> bool:
    if "latest" in tokens:
        return False
    if family == "mistral" and "7b" in tokens:  # hosts moved the undated name from v0.1 to v0.3
        return any(token.startswith("v0.") for token in tokens)
    return family in PINNED_WITHOUT_VERSION or any(character.isdigit() for token in tokens for character in token)
