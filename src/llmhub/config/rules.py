"""What a single field may hold beyond its type, and keys that are refused with a reason of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from llmhub.config.faults import Fault, Located, holds_a_key, looks_like_a_secret, named, unexpected
from llmhub.config.names import ENVIRONMENT_EXPECTED, ENVIRONMENT_PATTERN, is_environment_name
from llmhub.config.parameters import meant
from llmhub.records.config import (
    BudgetConfig,
    CacheConfig,
    Circuit,
    HubConfig,
    LedgerOptions,
    ProviderConfig,
    Retry,
    RoleConfig,
    TargetConfig,
    VariantConfig,
)
from llmhub.records.measurements import Latency, Measurements
from llmhub.records.spec import CatalogOptions, HubSpec, Preferences, ProviderSpec, RoleSpec

Rule: TypeAlias = Callable[[Any], Iterator[Located]]
"""Looks at one field's plain value. A value of another type than the field's is none of its business."""


def field_faults(record: type, values: Mapping[str, Any]) -> Iterator[Located]:
    """What is wrong with the fields of one *record* as they stand in a file, apart from their types."""
    for name, rule in _RULES.get(record, {}).items():
        if name in values:
            for path, fault in rule(values[name]):
                yield (name, *path), fault


def field_constraint(record: type, name: str) -> Mapping[str, Any]:
    """What JSON Schema can say of the rule for one field of a *record*; empty where there is none, or it cannot."""
    rule = _RULES.get(record, {}).get(name)
    return _CONSTRAINTS[rule] if rule else {}


def refused_key(record: type, key: str) -> Fault | None:
    """The reason why *key* is refused, when there is a better one than that it is unknown."""
    if key in _LATER.get(record, ()):
        return Fault(f"{key!r} is not acted on by this version of llmhub; remove it", at_key=True)
    if record in (ProviderConfig, ProviderSpec) and _KEY_NAME.search(key):
        return Fault(
            f"{key!r} cannot stand here: a key never stands in this file. Put it into the environment or .env, "
            "and the name of its variable into `env_key`",
            at_key=True,
        )
    return None


# Promised for later versions: silence would let a user believe in a budget that nobody keeps.
_LATER: Mapping[type, frozenset[str]] = {
    HubConfig: frozenset({"plugins"}),
    CatalogOptions: frozenset({"overrides"}),
}


def _above_zero(value: Any) -> Iterator[Located]:
    if _is_number(value) and not 0 < value < float("inf"):
        yield (), unexpected(value, "a number above 0")


def _at_least_zero(value: Any) -> Iterator[Located]:
    if _is_number(value) and not 0 <= value < float("inf"):
        yield (), unexpected(value, "0 or more")


def _at_least_one(value: Any) -> Iterator[Located]:
    if _is_number(value) and not 1 <= value < float("inf"):
        yield (), unexpected(value, "1 or more")


def _dollars_above_zero(value: Any) -> Iterator[Located]:
    # The SQLite ledger counts in whole numbers, which hold nine million dollars; nobody means more by accident.
    try:
        fits = isinstance(value, bool) or 0 < Decimal(str(value)) <= 9_000_000
    except InvalidOperation:
        return  # another type than a number: told elsewhere
    if not fits:
        yield (), unexpected(value, "dollars: above 0, at most 9000000")


def _each_above_zero(value: Any) -> Iterator[Located]:
    for index, share in enumerate(value if isinstance(value, list | tuple) else ()):
        for _, fault in _above_zero(share):
            yield (index,), fault


def _each_at_least_zero(value: Any) -> Iterator[Located]:
    if isinstance(value, Mapping):
        for key, weight in value.items():
            for _, fault in _at_least_zero(weight) if not str(key).startswith("x-") else ():
                yield (key,), fault


def _not_empty(value: Any) -> Iterator[Located]:
    if isinstance(value, str) and not value.strip():
        yield (), Fault("is empty", expected="a name", found="nothing")


def _each_a_parameter(value: Any) -> Iterator[Located]:
    for index, name in enumerate(value if isinstance(value, list | tuple) else ()):
        if isinstance(name, str) and not name.strip():
            yield (index,), Fault("is empty", expected="the name of a parameter", found="nothing")
        elif isinstance(name, str) and (right := meant(name)) is not None:
            # It would have no effect, and the parameter would be sent.
            yield (index,), Fault(f"{named(name)} is no parameter", suggestion=right)


def _environment_name(value: Any) -> Iterator[Located]:
    if isinstance(value, str) and not is_environment_name(value):
        yield (), unexpected(value, ENVIRONMENT_EXPECTED)


def _day(value: Any) -> Iterator[Located]:
    if not isinstance(value, str):
        return
    try:
        date.fromisoformat(value)
    except ValueError:
        yield (), unexpected(value, "a day, such as 2026-11-20")


_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


def _variable_name(value: Any) -> Iterator[Located]:
    if isinstance(value, str) and (not _VARIABLE.fullmatch(value) or looks_like_a_secret(value)):
        yield (
            (),
            Fault(
                "this is not the name of an environment variable (not shown, in case it is a key). Write a name here, "
                "and the key itself into the environment or .env",
                expected="capital letters, digits and '_', such as OPENAI_API_KEY",
            ),
        )


def _address(value: Any) -> Iterator[Located]:
    if not isinstance(value, str):
        return
    try:
        parts = urlsplit(value)
        complete = parts.scheme in ("http", "https") and bool(parts.hostname)
        secret = parts.username is not None or any(map(looks_like_a_secret, re.split("[=&]", parts.query)))
    except ValueError:
        complete = secret = False
    # An address that is none, such as user:password@host, may hold a password all the same.
    if secret or holds_a_key(value) or ("@" in value and not complete):
        yield (), Fault("this address holds a key or password (not shown); put it into the environment, see `env_key`")
    elif not complete:
        yield (), unexpected(value, "an address such as http://localhost:8000/v1")


_KEY_NAME = re.compile(
    r"(^|[-_])(api[-_]?key|access[-_]?key|private[-_]?key|secret|password|token|authorization)$", re.I
)
_KEY_PARAMETER = re.compile(r"(^|[-_])(api[-_]?key|authorization)$", re.I)


def _no_keys_in_client_args(value: Any) -> Iterator[Located]:
    yield from _secrets(value, _KEY_NAME)


def _no_keys_in_params(value: Any) -> Iterator[Located]:
    # Not `token`: parameters such as `stop_token` are harmless.
    yield from _secrets(value, _KEY_PARAMETER)


def _secrets(value: Any, names: re.Pattern[str]) -> Iterator[Located]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, str) and item and (names.search(str(key)) or looks_like_a_secret(item)):
            yield (
                (key,),
                Fault("looks like a key (not shown); keys go into the environment or .env, see `env_key`"),
            )
        for path, fault in _secrets(item, names):
            yield (key, *path), fault


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_PREFERENCES: Mapping[str, Rule] = {
    "context_min": _at_least_zero,
    "max_price_input": _at_least_zero,
    "max_price_output": _at_least_zero,
    "criteria": _each_at_least_zero,
}

_CONSTRAINTS: Mapping[Rule, Mapping[str, Any]] = {
    _above_zero: {"exclusiveMinimum": 0},
    _at_least_zero: {"minimum": 0},
    _at_least_one: {"minimum": 1},
    _dollars_above_zero: {"exclusiveMinimum": 0, "maximum": 9_000_000},
    _each_above_zero: {"items": {"type": "number", "exclusiveMinimum": 0}},
    _each_at_least_zero: {"additionalProperties": {"type": "number", "minimum": 0}},
    _not_empty: {"pattern": r"\S"},
    _day: {"format": "date"},
    _environment_name: {"pattern": f"^{ENVIRONMENT_PATTERN}$"},
    _variable_name: {"pattern": f"^{_VARIABLE.pattern}$"},
    _address: {"pattern": "^[Hh][Tt][Tt][Pp][Ss]?://."},
    # What looks like a key is no matter of a pattern.
    _no_keys_in_client_args: {},
    _no_keys_in_params: {},
    # Nor are slips.
    _each_a_parameter: {},
}

_RULES: Mapping[type, Mapping[str, Rule]] = {
    HubConfig: {"project": _not_empty, "env": _environment_name},
    ProviderConfig: {
        "env_key": _variable_name,
        "api_base": _address,
        "client_args": _no_keys_in_client_args,
        "max_concurrency": _at_least_one,
    },
    BudgetConfig: {"limit": _dollars_above_zero, "alerts": _each_above_zero, "webhook_env": _variable_name},
    LedgerOptions: {"retention_days": _at_least_one},
    CacheConfig: {"ttl": _above_zero},
    Circuit: {"failures": _at_least_zero, "cooldown": _above_zero},
    RoleConfig: {
        "provider": _not_empty,
        "model": _not_empty,
        "timeout": _above_zero,
        "deadline": _above_zero,
        "refuses": _each_a_parameter,
        "params": _no_keys_in_params,
        "context_tokens": _at_least_one,
        "sticky_by": _not_empty,
    },
    TargetConfig: {
        "provider": _not_empty,
        "model": _not_empty,
        "refuses": _each_a_parameter,
        "params": _no_keys_in_params,
        "context_tokens": _at_least_one,
    },
    VariantConfig: {
        "name": _not_empty,
        "weight": _at_least_zero,
        "provider": _not_empty,
        "model": _not_empty,
        "refuses": _each_a_parameter,
        "params": _no_keys_in_params,
        "context_tokens": _at_least_one,
    },
    Retry: {"attempts": _at_least_one, "max_delay": _at_least_zero},
    HubSpec: {"project": _not_empty, "env": _environment_name, "generator": _not_empty},
    ProviderSpec: {"env_key": _variable_name, "api_base": _address},
    RoleSpec: {
        "force_model": _not_empty,
        "fallbacks": _at_least_zero,
        "weights": _each_at_least_zero,
        "mode_params": _no_keys_in_params,
    },
    Preferences: _PREFERENCES,
    CatalogOptions: {"price_ratio": _above_zero},
    Measurements: {"until": _day, "days": _at_least_one},
    Latency: {"seconds": _above_zero, "calls": _at_least_one},
}
