"""The configuration a hub works by: given in memory, or the file that the environment asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig


@frozen(kw_only=True)
class ConfigSource:
    """Where a hub's configuration comes from: its arguments of these names, see `Hub`."""

    config_path: str | os.PathLike[str] | None = None
    config: HubConfig | Mapping[str, Any] | None = None
    env: str | None = None
    strict_env: bool = False

    @property
    def folder(self) -> Path | None:
        """What lies in the project that is configured: the file's folder, else the working directory."""
        from llmhub.config.paths import here

        return here() if self.config_path is None else Path(self.config_path).parent

    def replaced_by(self, config: HubConfig | Mapping[str, Any]) -> ConfigSource:
        """*config* in the place of whatever it was, for the same environment."""
        return evolve(self, config_path=None, config=config)

    def read(self) -> HubConfig:
        """The configuration as it stands there now.

        Raises:
            ConfigNotFoundError, InvalidFileError: no file, or one with problems.
            MissingKeysError: under `strict_env`.
        """
        from llmhub.records.config import HubConfig

        given = self.config
        loaded = given if isinstance(given, HubConfig) else _load(self.config_path, given, self.env)
        if self.strict_env:
            _refuse_missing_keys(loaded)
        return loaded


def _refuse_missing_keys(config: HubConfig) -> None:
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import missing_keys
    from llmhub.errors import MissingKeysError

    missing = missing_keys(config, os.environ, DEFAULT_ENV_KEYS)
    if missing:
        raise MissingKeysError(missing)


def _load(config_path: str | os.PathLike[str] | None, config: Mapping[str, Any] | None, env: str | None) -> HubConfig:
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.discover import find_config
    from llmhub.config.env_file import load_env_file
    from llmhub.config.environments import asked_environment
    from llmhub.config.load import load_config, structure_config

    if config is not None:
        return structure_config(config, known_providers=PROVIDER_NAMES)
    path = Path(config_path or find_config(Path.cwd(), asked_environment(env, os.environ)))
    load_env_file(path.parent, os.environ)
    return load_config(path, known_providers=PROVIDER_NAMES)
