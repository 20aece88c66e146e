"""Where a project's files are."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from llmhub.config.environments import own_environment
from llmhub.config.files import read_text
from llmhub.config.names import ENVIRONMENT_EXPECTED, is_environment_name
from llmhub.errors import ConfigError, ConfigNotFoundError

SPEC_NAME = "llmhub.spec.yaml"
CONFIG_NAME = "llmhub.yaml"
MEASURED_NAME = "llmhub.measured.yaml"


@frozen(kw_only=True)
class Project:
    """A folder with the files of one project, whether they exist already or not."""

    directory: Path

    @property
    def spec_path(self) -> Path:
        return self.directory / SPEC_NAME

    @property
    def measured_path(self) -> Path:
        return self.directory / MEASURED_NAME

    def config_path(self, env: str | None = None, own_env: str | None = None) -> Path:
        """Where the configuration for *env* belongs: `llmhub.yaml` for the spec's own (or when none is asked for)."""
        return self.directory / (CONFIG_NAME if env is None or env == own_env else config_name(env))

    def existing_config(self, env: str | None = None) -> Path:
        """The configuration file that serves *env*.

        `llmhub.<env>.yaml` comes first; `llmhub.yaml` serves when its own `env` is the one asked for.

        Raises:
            ConfigNotFoundError: neither is there. InvalidFileError, ConfigError: `llmhub.yaml` cannot be read.
        """
        return _config_in(self.directory, env) or _not_found(self.directory, env)


def find_project(start: Path) -> Project | None:
    """The project *start* lies in: the nearest folder upward with a spec or a configuration."""
    found = find_upward(SPEC_NAME, start), find_upward(CONFIG_NAME, start)
    folders = [path.parent for path in found if path]
    return Project(directory=max(folders, key=lambda folder: len(folder.parts))) if folders else None


def find_config(start: Path, env: str | None = None) -> Path:
    """The configuration file that serves *env*, from the nearest folder upward that has one.

    Raises:
        ConfigNotFoundError: no folder has one. InvalidFileError, ConfigError: a candidate cannot be read.
    """
    for folder in _upward(start):
        if found := _config_in(folder, env):
            return found
    return _not_found(start.absolute(), env)


def find_upward(name: str, start: Path) -> Path | None:
    """The file *name* in *start* or the nearest folder above that has it."""
    return next((folder / name for folder in _upward(start) if (folder / name).is_file()), None)


def config_name(env: str) -> str:
    """The name of the configuration file for an environment that is not the spec's own.

    Raises:
        ConfigError: no environment can be called so.
    """
    if not is_environment_name(env):
        raise ConfigError(f"no environment can be called {env!r}: {ENVIRONMENT_EXPECTED}")
    return f"llmhub.{env}.yaml"


def _config_in(folder: Path, env: str | None) -> Path | None:
    general = folder / CONFIG_NAME
    if env is None:
        return general if general.is_file() else None
    special = folder / config_name(env)
    if special.is_file():
        return special
    return general if general.is_file() and _serves(general, env) else None


def _serves(path: Path, env: str) -> bool:
    from llmhub.config.yaml import read_document

    return own_environment(read_document(read_text(path, ""), str(path))) == env


def _not_found(start: Path, env: str | None) -> Path:
    where = f"{start} or any folder above it"
    if env is None:
        raise ConfigNotFoundError(CONFIG_NAME, where, "Run `llmhub generate` to make it.")
    names = f"{config_name(env)} (nor a {CONFIG_NAME} with `env: {env}`)"
    raise ConfigNotFoundError(names, where, f"Run `llmhub generate --env {env}` to make it.")


def _upward(start: Path) -> list[Path]:
    folder = start.absolute()
    return [folder, *folder.parents]
