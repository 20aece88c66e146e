"""What of a spec can be filled in, from the schema of the file: keys, their meanings, what they may hold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from attrs import frozen

Path: TypeAlias = tuple[str | int, ...]
Control = Literal["text", "name", "choice", "choices", "names", "count", "number", "switch", "yes or no"]
"""`name` and `names` are found among what is known; `switch` has a default, `yes or no` may be left open."""


@frozen(kw_only=True)
class Field:
    """One key that can be filled in. `overrides` are what environments say instead, by their names."""

    path: Path
    meaning: str
    control: Control
    value: Any = None
    choices: tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    overrides: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        return str(self.path[-1])


@frozen(kw_only=True)
class Section:
    """Fields that belong together. `elsewhere` are keys of theirs that only the text can change, and are set there."""

    title: str
    fields: tuple[Field, ...]
    elsewhere: tuple[str, ...] = ()


PROJECT = ("project", "env", "generator")
LEVELS = ("cost", "latency", "quality", "reasoning", "creativity")
LIMITS = (
    "needs",
    "context_min",
    "max_price_input",
    "max_price_output",
    "open_weights",
    "providers",
    "exclude_models",
)
CHOICE = ("fallbacks", "force_provider", "force_model")


class Form:
    """The forms of a spec that says *values*, by its JSON *schema*. *values* need not make a valid spec."""

    def __init__(self, schema: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self._schema, self._values = schema, values

    @property
    def roles(self) -> tuple[str, ...]:
        """The names of the roles, in the order of the file."""
        return names_below(self._values, "roles")

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of the declared providers, in the order of the file."""
        return names_below(self._values, "providers")

    def project(self) -> Section:
        return self._section("Project", (), PROJECT)

    def catalog(self) -> Section:
        return self._section("Catalog", ("catalog",))

    def provider(self, name: str) -> Section:
        return self._section(name, ("providers", name))

    def defaults(self) -> tuple[Section, ...]:
        wants = ("defaults", "preferences")
        return (
            self._section("Providers", ("defaults",), ("providers",)),
            self._section("Preferences", wants, LEVELS),
            self._section("Limits", wants, LIMITS),
        )

    def role(self, name: str) -> tuple[Section, ...]:
        role: Path = ("roles", name)
        return (
            self._section("Role", role, ("kind", "description")),
            self._section("Preferences", (*role, "preferences"), LEVELS),
            self._section("Limits", (*role, "preferences"), LIMITS),
            self._section("Choice", role, CHOICE),
        )

    def _section(self, title: str, path: Path, keys: Sequence[str] | None = None) -> Section:
        definition = self._definition(path)
        fillable = {key: one for key, one in definition["properties"].items() if _control(one) is not None}
        held = inside(self._values, path)
        # Said once for all sections of one place: with the last of them.
        last = keys is None or tuple(keys) in (CHOICE, LIMITS)
        return Section(
            title=title,
            fields=tuple(self._field((*path, key), fillable[key], definition) for key in keys or fillable),
            elsewhere=tuple(
                key
                for key, one in definition["properties"].items()
                if last and key not in fillable and "$ref" not in one and isinstance(held, Mapping) and held.get(key)
            ),
        )

    def _field(self, path: Path, schema: Mapping[str, Any], definition: Mapping[str, Any]) -> Field:
        control = _control(schema)
        assert control is not None
        items = schema.get("items", schema)
        return Field(
            path=path,
            meaning=schema.get("description", ""),
            control=control,
            value=inside(self._values, path),
            choices=tuple(one for one in items.get("enum", ()) if one is not None),
            default=schema.get("default"),
            required=path[-1] in definition.get("required", ()),
            overrides=tuple(self._overrides(path)),
        )

    def _overrides(self, path: Path) -> Iterator[tuple[str, str]]:
        for environment in names_below(self._values, "environments"):
            value = inside(self._values, ("environments", environment, *path))
            if value is not None:
                yield environment, shown(value)

    def _definition(self, path: Path) -> Mapping[str, Any]:
        schema = self._schema
        for segment in path:
            named = schema.get("properties", {}).get(segment)
            schema = schema["additionalProperties"] if named is None else named
            if "$ref" in schema:
                schema = self._schema["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema


def _control(schema: Mapping[str, Any]) -> Control | None:
    """What a value of this schema is filled in with; `None` for what only the text can say."""
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "enum" in schema:
        return "choice"
    if "array" in kinds:
        return "choices" if "enum" in schema["items"] else "names"
    if "boolean" in kinds:
        return "switch" if "default" in schema else "yes or no"
    controls: dict[str, Control] = {"integer": "count", "number": "number", "string": "text"}
    found = next((controls[kind] for kind in kinds if kind in controls), None)
    return "name" if found == "text" and schema.get("description", "").startswith("take this") else found


def stored(field: Field, value: Any) -> Any:
    """*value*, as a control gives it, as the file is to hold it; `None`: the key goes."""
    if value in (None, "", [], ()):
        return None
    if field.control == "count" or (field.control == "number" and float(value).is_integer()):
        return int(value)
    if field.control in ("choices", "names"):
        return [str(one) for one in value]
    if field.control in ("switch", "yes or no"):
        return None if field.control == "switch" and value == field.default and field.value is None else bool(value)
    return value if field.control == "number" else str(value)


def inside(values: Any, path: Path) -> Any:
    """What stands at *path*; `None` when nothing does."""
    for segment in path:
        if not isinstance(values, Mapping) or segment not in values:
            return None
        values = values[segment]
    return values


def names_below(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The names in a section of the file, in its order; none where it is no mapping."""
    section = values.get(key)
    return tuple(name for name in section if not name.startswith("x-")) if isinstance(section, Mapping) else ()


def shown(value: Any) -> str:
    """A value of the file in few words."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {shown(inner)}" for key, inner in value.items())
    return str(value)


@frozen(kw_only=True)
class KeyState:
    """The variables that may hold a provider's key, and the first of them that is set; `None`: none is."""

    variables: tuple[str, ...]
    found: str | None


def key_state(
    name: str, settings: Any, usual: Mapping[str, tuple[str, ...]], is_set: Callable[[str], bool]
) -> KeyState:
    """Where the key of provider *name* is looked for, with its *settings* in the file. No value is looked at."""
    stated = inside(settings, ("env_key",))
    variables = (stated,) if isinstance(stated, str) and stated else usual.get(name, ())
    return KeyState(variables=variables, found=next((one for one in variables if is_set(one)), None))
