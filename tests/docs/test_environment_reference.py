"""docs/reference/environment.md lists the variables that the code reads: no more, no fewer."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "environment.md"
VARIABLE = re.compile(r"\b_?LLMHUB_[A-Z]+(?:_[A-Z]+)*\b")


def names(*folders: Path) -> set[str]:
    files = [file for folder in folders for file in folder.rglob("*.py")]
    return {name.lstrip("_") for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}


def test_every_variable_that_is_read_is_told_of_and_no_other():
    told = {name.lstrip("_") for name in VARIABLE.findall(PAGE.read_text(encoding="utf-8"))}
    assert told == names(ROOT / "src", *(ROOT / "plugins").glob("*/src"))
