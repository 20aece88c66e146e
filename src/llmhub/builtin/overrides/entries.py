"""What an overrides file may say, and everything that is wrong with one, each problem with its place. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import frozen

from llmhub.errors import nearest
from llmhub.records.context import YamlFile
from llmhub.records.foreign import HIGHEST_PRICE, price, shown
from llmhub.records.model import ModelFacts, Override, Price
from llmhub.records.problems import Problem

Path = tuple[str | int, ...]

TIERS = ("cost_tier", "quality_tier", "reasoning_tier", "creative_tier")
PRICES = ("input", "output", "reasoning", "cache_read", "cache_write", "input_audio", "output_audio")
LIMITS = ("context_tokens", "max_input_tokens", "max_output_tokens")
ABILITIES = ("supports_tool_call", "supports_reasoning", "supports_structured_output", "supports_temperature")


@frozen(kw_only=True)
class Entry:
    """What one file says of one model. `hide` and `pin` are `None` where it does not say."""

    facts: ModelFacts
    override: Override
    hide: bool | None = None
    pin: bool | None = None


def read_entries(file: YamlFile) -> tuple[Mapping[str, Entry], Sequence[Problem]]:
    """The entries of *file* by canonical id, and all its problems; an entry with a problem is not among them."""
    reader = _Reader(file)
    entries: dict[str, Entry] = {}
    for key in file.value:
        if key != "models" and not key.startswith("x-"):
            reader.unknown((key,), key, ("models",))
    models = file.value.get("models")
    if models is None:
        reader.problem((), "names no models", expected="`models:` with an entry per `provider:model`")
        models = {}
    for model, stated in reader.mapping(("models",), models).items():
        before = len(reader.problems)
        entry = reader.entry(model, stated)
        if len(reader.problems) == before:
            entries[model] = entry
    return entries, reader.problems


class _Reader:
    """Gathers the problems of one file."""

    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.problems: list[Problem] = list(file.problems)

    def entry(self, model: str, stated: Any) -> Entry:
        path: Path = ("models", model)
        provider, colon, model_id = model.partition(":")
        if not (provider and colon and model_id):
            self.problem(
                path, f"{model!r} is no canonical id", expected="`provider:model`, as `llmhub catalog show` has it"
            )
        values = self.known(path, stated, ("alias", "facts", "hide", "pin"))
        if not values:
            self.problem(path, "says nothing", expected="one of alias, facts, hide, pin")
        line, _ = self.file.place(path)
        facts, tiers = self.facts((*path, "facts"), values.get("facts"))
        hide, pin = (self.flag((*path, name), values.get(name)) for name in ("hide", "pin"))
        if hide and pin:
            self.problem((*path, "pin"), "a model cannot be both hidden and kept", expected="one of hide and pin")
        override = Override(
            origin=f"{self.file.file}:{line}",
            alias=self.names((*path, "alias"), values.get("alias")),
            tiers=tiers,
            hide=bool(hide),
            pin=bool(pin),
        )
        return Entry(facts=facts, override=override, hide=hide, pin=pin)

    def facts(self, path: Path, stated: Any) -> tuple[ModelFacts, Mapping[str, int]]:
        if stated is None:
            return ModelFacts(), {}
        values = self.known(path, stated, ("price", *LIMITS, *TIERS, *ABILITIES))
        stated_facts: dict[str, Any] = {
            name: self.checked((*path, name), values.get(name), _is_limit, "a whole number above 0") for name in LIMITS
        }
        stated_facts |= {name: self.flag((*path, name), values.get(name)) for name in ABILITIES}
        facts = ModelFacts(price=self.price((*path, "price"), values.get("price")), **stated_facts)
        tiers = {
            name: self.checked((*path, name), value, _is_tier, "a whole number from 1 (best or cheapest) to 5")
            for name in TIERS
            if (value := values.get(name)) is not None
        }
        return facts, {name: tier for name, tier in tiers.items() if tier is not None}

    def price(self, path: Path, stated: Any) -> Price | None:
        if stated is None:
            return None
        values = self.known(path, stated, PRICES)
        missing = [name for name in ("input", "output") if values.get(name) is None]
        if missing:
            told = " and ".join(missing)
            self.problem(
                path, f"lacks {told}: it takes the place of the whole listed price", expected="input and output"
            )
        wanted = f"US dollars per million tokens, from 0 to {HIGHEST_PRICE:g}"
        amounts: dict[str, Any] = {
            name: self.checked((*path, name), value, _is_amount, wanted) for name, value in values.items()
        }
        prices: dict[str, Any] = {name: None if amount is None else float(amount) for name, amount in amounts.items()}
        return Price(**prices)

    def names(self, path: Path, stated: Any) -> tuple[str, ...]:
        if stated is None:
            return ()
        listed = stated if isinstance(stated, list) else [stated]
        if not listed or not all(isinstance(name, str) and name.strip() for name in listed):
            self.problem(path, "is no name", expected="a leaderboard's name for it, or a list of them")
            return ()
        return tuple(name.strip() for name in listed)

    def flag(self, path: Path, stated: Any) -> bool | None:
        found: bool | None = self.checked(path, stated, lambda value: isinstance(value, bool), "true or false")
        return found

    def checked(self, path: Path, stated: Any, accepts: Callable[[Any], bool], expected: str) -> Any:
        if stated is None or accepts(stated):
            return stated
        found = f"found {shown(stated)}" if isinstance(stated, (bool, int, float)) else "is something else"
        self.problem(path, found, expected=expected)
        return None

    def known(self, path: Path, stated: Any, valid: Sequence[str]) -> Mapping[str, Any]:
        values = self.mapping(path, stated)
        for key in values:
            if key not in valid:
                self.unknown((*path, key), key, valid)
        return {key: value for key, value in values.items() if key in valid}

    def mapping(self, path: Path, stated: Any) -> Mapping[str, Any]:
        if isinstance(stated, Mapping):
            return stated
        if stated is not None:
            self.problem(path, "is no mapping", expected="`key: value`")
        return {}

    def unknown(self, path: Path, key: str, valid: Sequence[str]) -> None:
        close = nearest(key, valid)
        self.problem(path, f"{key!r} is not known here", expected=f"one of {', '.join(valid)}", suggestion=close)

    def problem(self, path: Path, message: str, *, expected: str | None = None, suggestion: str | None = None) -> None:
        line, column = self.file.place(path)
        self.problems.append(
            Problem(
                file=self.file.file,
                line=line,
                column=column,
                path=".".join(map(str, path)),
                message=message,
                expected=expected,
                suggestion=suggestion,
            )
        )


def _is_amount(value: Any) -> bool:
    return price(value) is not None


def _is_limit(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1e15


def _is_tier(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5
