"""A module holds one idea, and one idea fits in 300 lines."""

from __future__ import annotations

from pathlib import Path

GOAL, LIMIT = 300, 400


def lengths(*folders: Path) -> dict[str, int]:
    """The number of lines of every module in *folders*, longest first."""
    counted = {
        str(path.relative_to(folder)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in folders
        for path in folder.rglob("*.py")
    }
    return dict(sorted(counted.items(), key=lambda item: -item[1]))


def test_no_module_is_longer_than_400_lines(root: Path, package: Path) -> None:
    sources = [folder / "src" for folder in (root / "plugins").glob("*") if (folder / "src").is_dir()]
    long = {module: count for module, count in lengths(package, *sources).items() if count > GOAL}
    told = ", ".join(f"{module} ({count})" for module, count in long.items())
    print(f"over {GOAL} lines: {told or 'none'}")  # shown by `pytest -rP`, and beside a failure
    assert not [module for module, count in long.items() if count > LIMIT], f"over {GOAL} lines: {told}"


def test_lines_are_counted(tmp_path: Path) -> None:
    (tmp_path / "short.py").write_text("a = 1\n")
    (tmp_path / "long.py").write_text("a = 1\n" * 401)
    assert lengths(tmp_path) == {"long.py": 401, "short.py": 1}
