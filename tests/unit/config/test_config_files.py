"""Files are written whole or not at all; LLM Hub's own lie where each platform expects them."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from llmhub.config.files import read_text, replace_text, write_atomically
from llmhub.config.paths import cache_dir, catalog_file, config_dir, data_dir
from llmhub.errors import ConfigError


def test_a_file_is_written_as_given_and_read_back_with_its_line_ends(tmp_path):
    path = tmp_path / "f.yaml"
    write_atomically(path, "a: é\r\nb: 1\n")
    assert path.read_bytes() == "a: é\r\nb: 1\n".encode()
    assert read_text(path, "") == "a: é\r\nb: 1\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640])
def test_permission_bits_stay(tmp_path, mode):
    path = tmp_path / "f.yaml"
    path.write_text("old")
    path.chmod(mode)
    write_atomically(path, "new")
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_a_new_file_gets_the_permissions_any_new_file_gets(tmp_path):
    (tmp_path / "other").touch()
    write_atomically(tmp_path / "f.yaml", "new")
    assert (tmp_path / "f.yaml").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_symbolic_link_stays_one(tmp_path):
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "f.yaml"
    target.write_text("old")
    link = tmp_path / "f.yaml"
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "half \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path):
    with pytest.raises(ConfigError, match=r"cannot write .*: no such file or directory"):
        write_atomically(tmp_path / "gone" / "f.yaml", "x")


def test_a_folder_in_the_files_place_is_a_clear_error(tmp_path):
    (tmp_path / "f.yaml").mkdir()
    with pytest.raises(ConfigError, match="cannot write"):
        write_atomically(tmp_path / "f.yaml", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["f.yaml"]


# --- LLM Hub's own files


def test_the_folders_of_this_machine_are_those_of_its_platform(tmp_path, monkeypatch):
    environ = {name: value for name, value in os.environ.items() if name != "LLMHUB_CACHE_DIR"}
    for found in (config_dir(environ), cache_dir(environ), data_dir(environ)):
        assert found.is_absolute()
        assert "llmhub" in found.parts
    assert catalog_file(environ) == config_dir(environ) / "catalog.json"
    monkeypatch.chdir(tmp_path)
    assert cache_dir({"LLMHUB_CACHE_DIR": "moved"}) == tmp_path / "moved"


def test_without_home_the_users_folder_is_asked_for():
    assert config_dir({"LLMHUB_CACHE_DIR": "~/moved"}) == Path.home() / "moved"


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    for variable in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ConfigError, match="set HOME, or LLMHUB_CACHE_DIR"):
        catalog_file({})


@pytest.mark.parametrize(
    "module",
    [
        "load",
        "discover",
        "edit",
        "emit",
        "keys",
        "paths",
        "env_file",
        "environments",
        "folders",
        "names",
        "files",
        "converter",
        "yaml",
    ],
)
def test_importing_a_module_of_the_room_imports_nothing_heavy(module):
    program = (
        f"import sys, llmhub.config.{module}\n"
        "heavy = {'cattrs', 'ruamel', 'ruamel.yaml', 'platformdirs', 'dotenv', 'asyncio', 'logging', 'any_llm'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_file_is_replaced_only_while_it_says_what_was_read(tmp_path):
    path = tmp_path / "f.yaml"
    replace_text(path, None, "one")
    replace_text(path, "one", "two")
    for seen in (None, "one"):
        with pytest.raises(ConfigError, match=r"f\.yaml was changed by somebody else"):
            replace_text(path, seen, "three")
    assert path.read_text(encoding="utf-8") == "two"
    path.unlink()
    with pytest.raises(ConfigError, match="in the meantime"):
        replace_text(path, "two", "three")
    assert list(tmp_path.iterdir()) == []


def test_of_many_who_read_the_same_text_one_writes_and_the_others_are_told(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("before", encoding="utf-8")
    together = Barrier(8)

    def write(name):
        together.wait()
        try:
            replace_text(path, "before", name)
        except ConfigError:
            return None
        return name

    with ThreadPoolExecutor(8) as writers:
        wrote = [name for name in writers.map(write, [f"writer {number}" for number in range(8)]) if name]
    assert wrote == [path.read_text(encoding="utf-8")]


def test_a_read_only_file_is_not_replaced(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("kept", encoding="utf-8")
    path.chmod(0o444)
    with pytest.raises(ConfigError, match="read-only"):
        write_atomically(path, "other")
    assert path.read_text(encoding="utf-8") == "kept"
