"""The configuration a hub works by: given in memory, or the file that the environment asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig


def read_config(
    config_path: str | os.PathLike[str] | None,
    config: HubConfig | Mapping[str, Any] | None,
    env: str | None,
    strict_env: bool,
) -> HubConfig:
    """See `Hub`, whose arguments these are.

    Raises:
        ConfigNotFoundError, InvalidFileError: no file, or one with problems.
        MissingKeysError: under `strict_env`.
    """
    from llmhub.records.config import HubConfig

    loaded = config if isinstance(config, HubConfig) else _load(config_path, config, env)
    if strict_env:
        from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
        from llmhub.config.keys import missing_keys
        from llmhub.errors import MissingKeysError

        missing = missing_keys(loaded, os.environ, DEFAULT_ENV_KEYS)
        if missing:
            raise MissingKeysError(missing)
    return loaded


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
