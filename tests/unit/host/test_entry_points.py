"""Which plugins are installed, read without importing anything."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from llmhub.hookspecs import HOOKS_BY_KIND
from llmhub.host.entry_points import GROUPS, EntryPoint, entry_points, normalised
from llmhub.records.plugins import PluginKind


def distribution(
    folder: Path, stem: str, entry_points: str | None, *, metadata: str | None = None, suffix: str = "dist-info"
) -> Path:
    metadata_folder = folder / f"{stem}.{suffix}"
    metadata_folder.mkdir(parents=True)
    name, _, version = stem.partition("-")
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" if metadata is None else metadata
    (metadata_folder / ("METADATA" if suffix == "dist-info" else "PKG-INFO")).write_text(text)
    if entry_points is not None:
        (metadata_folder / "entry_points.txt").write_text(entry_points)
    return metadata_folder


def as_importlib_sees_them(path: list[str]) -> set[EntryPoint]:
    seen: set[str] = set()
    found = set()
    for each in importlib.metadata.distributions(path=path):
        name = normalised(each.metadata["Name"])
        if name not in seen:
            seen.add(name)
            found |= {
                EntryPoint(GROUPS[entry.group], entry.name, entry.value, each.metadata["Name"], each.version)
                for entry in each.entry_points
                if entry.group in GROUPS
            }
    return found


def test_every_kind_has_its_group() -> None:
    assert set(GROUPS.values()) == set(HOOKS_BY_KIND) == set(typing.get_args(PluginKind))


def test_the_real_environment_is_seen_as_importlib_metadata_sees_it() -> None:
    found = entry_points(sys.path)
    assert {(f"llmhub.{entry.kind}", entry.name, entry.value) for entry in found} == {
        (group, entry.name, entry.value) for group in GROUPS for entry in importlib.metadata.entry_points(group=group)
    }
    assert set(found) == as_importlib_sees_them(sys.path)
    assert any(entry.distribution == "llmhub" for entry in found)


@pytest.mark.parametrize(
    "text",
    [
        "[llmhub.catalog]\nmine = mine\n",
        "[llmhub.catalog]\nmine = mine.deep:plugin.part [extra, other]\n[llmhub.call]\nmine=mine.deep\n",
        "# a comment\n\n[console_scripts]\nllmhub.catalog = x:y\n\n[llmhub.commands]\n  hello =  mine:hello  \n",
        "[llmhub.catalog]\na = a\n[other]\nb = b\n[llmhub.catalog]\nc = c\n",
        "[llmhub.unknown]\na = a\n[llmhub.doctor]\nwith = equals=sign\n",
        "[ llmhub.catalog ]\na = a\n",
        "[console_scripts]\nrun = mine:run\n",
        "[llmhub.catalog]\r\nmine = mine\r\n",
        "",
    ],
    ids=[
        "plain",
        "extras",
        "comments",
        "group twice",
        "unknown group",
        "spaced group",
        "none of ours",
        "crlf",
        "empty",
    ],
)
def test_a_file_of_entry_points_is_read_as_importlib_metadata_reads_it(tmp_path: Path, text: str) -> None:
    distribution(tmp_path, "mine-1.0", text)
    assert set(entry_points([str(tmp_path)])) == as_importlib_sees_them([str(tmp_path)])


def test_lines_after_a_semicolon_are_comments(tmp_path: Path) -> None:
    distribution(tmp_path, "mine-1.0", "[llmhub.catalog]\n; off = off\nmine = mine\n")
    assert [entry.name for entry in entry_points([str(tmp_path)])] == ["mine"]


def test_an_egg_info_folder_counts_like_a_dist_info_folder(tmp_path: Path) -> None:
    distribution(tmp_path, "old-0.3", "[llmhub.call]\nold = old\n", suffix="egg-info")
    assert entry_points([str(tmp_path)]) == (EntryPoint("call", "old", "old", "old", "0.3"),)
    assert set(entry_points([str(tmp_path)])) == as_importlib_sees_them([str(tmp_path)])


def test_name_and_version_come_from_the_metadata_not_from_the_folder(tmp_path: Path) -> None:
    metadata = "Metadata-Version: 2.1\nName: llmhub-Mine\nVersion: 1.0.post1\nSummary: x\n\nName: a trap in the prose\n"
    distribution(tmp_path, "llmhub_mine-1.0.post1", "[llmhub.call]\nmine = mine\n", metadata=metadata)
    assert entry_points([str(tmp_path)])[0][3:] == ("llmhub-Mine", "1.0.post1")


def test_without_metadata_the_folder_says_name_and_version(tmp_path: Path) -> None:
    folder = distribution(tmp_path, "mine-2.1", "[llmhub.call]\nmine = mine\n")
    (folder / "METADATA").unlink()
    assert entry_points([str(tmp_path)])[0][3:] == ("mine", "2.1")


@pytest.mark.parametrize("second", ["llmhub_mine-2.0", "LLMHub.mine-2.0", "llmhub__mine-2.0"])
def test_the_first_distribution_of_a_name_on_the_path_wins(tmp_path: Path, second: str) -> None:
    distribution(tmp_path / "a", "llmhub_mine-1.0", "[llmhub.call]\nfirst = mine\n")
    distribution(tmp_path / "b", second, "[llmhub.call]\nsecond = mine\n")
    path = [str(tmp_path / "a"), str(tmp_path / "b")]
    assert [entry.name for entry in entry_points(path)] == ["first"]
    assert [entry.name for entry in entry_points(path[::-1])] == ["second"]
    assert set(entry_points(path)) == as_importlib_sees_them(path)


def test_a_distribution_without_entry_points_hides_a_later_one_of_its_name(tmp_path: Path) -> None:
    distribution(tmp_path / "a", "mine-2.0", None)
    distribution(tmp_path / "b", "mine-1.0", "[llmhub.call]\nmine = mine\n")
    path = [str(tmp_path / "a"), str(tmp_path / "b")]
    assert entry_points(path) == ()
    assert as_importlib_sees_them(path) == set()


def test_a_folder_twice_on_the_path_counts_once(tmp_path: Path) -> None:
    distribution(tmp_path, "mine-1.0", "[llmhub.call]\nmine = mine\n")
    assert len(entry_points([str(tmp_path), str(tmp_path)])) == 1


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    distribution(tmp_path, "good-1.0", "[llmhub.call]\ngood = good\n")
    binary = distribution(tmp_path, "binary-1.0", None)
    (binary / "entry_points.txt").write_bytes(b"[llmhub.call]\nbad = \xff\xfe\n")
    folder_instead = distribution(tmp_path, "folder-1.0", None)
    (folder_instead / "entry_points.txt").mkdir()
    distribution(tmp_path, "nonsense-1.0", "[llmhub.call]\nno equals sign\n=\n")
    (tmp_path / "file-1.0.egg-info").write_text("Name: file\n")
    (tmp_path / "dangling-1.0.dist-info").symlink_to(tmp_path / "nowhere")
    (tmp_path / ".dist-info").mkdir()
    path = [str(tmp_path / "missing"), str(tmp_path / "file-1.0.egg-info"), str(tmp_path)]
    assert [entry.name for entry in entry_points(path)] == ["good"]


def test_the_empty_path_entry_is_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(tmp_path, "here-1.0", "[llmhub.call]\nhere = here\n")
    monkeypatch.chdir(tmp_path)
    assert [entry.name for entry in entry_points([""])] == ["here"]


def test_reading_them_imports_neither_importlib_metadata_nor_pluggy_nor_attrs() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "from llmhub.host import PluginHost; PluginHost.from_environment({}).command_names()\n"
        "print(sorted({'importlib.metadata', 'pluggy', 'attr', 'email', 'inspect'} & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
