"""Every word of the prose is in a dictionary of English, or in words.txt beside this file, our own words.

Code is not prose: fenced blocks, `quoted names`, addresses, and names in CamelCase are passed over. Misspellings in
code and comments are found by codespell (`nox -s lint`).
"""

import re
from pathlib import Path

import pytest
from spellchecker import SpellChecker

ROOT = Path(__file__).parents[2]
OWN_WORDS = Path(__file__).with_name("words.txt")
PAGES = [
    *ROOT.glob("*.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "changelog.d").glob("*.md")),
    *sorted(ROOT.glob("plugins/*/README.md")),
]
NOT_PROSE = re.compile(
    r"^```.*?^```$"  # fenced blocks
    r"|`[^`]*`"
    r"|^:::.*$"
    r"|\]\([^)]*\)"  # where links lead
    r"|https?://\S+|<[^>]+>|&\w+;"
    r"|[\w-]*[\d_/@.:\\][\w./:@-]*\w"  # names with digits, dots, slashes
    r"|\b[A-Z]?[a-z]+[A-Z]\w*",  # CamelCase
    re.MULTILINE | re.DOTALL,
)
WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


def words(text: str) -> set[str]:
    """The words of a page in small letters; abbreviations in capitals are none."""
    prose = NOT_PROSE.sub(" ", text)
    found = {word.removesuffix("'s") for word in WORD.findall(prose)}
    return {word.lower() for word in found if len(word) > 2 and not word.isupper()}


def unknown(text: str, checker: SpellChecker) -> list[str]:
    return sorted(checker.unknown(words(text)))


@pytest.fixture(scope="module")
def checker() -> SpellChecker:
    known = SpellChecker()
    known.word_frequency.load_words(OWN_WORDS.read_text(encoding="utf-8").split())
    return known


def test_no_word_is_misspelt(checker):
    wrong = {str(page.relative_to(ROOT)): unknown(page.read_text(encoding="utf-8"), checker) for page in PAGES}
    assert {page: found for page, found in wrong.items() if found} == {}, "mend it, or add it to tests/docs/words.txt"


def test_our_own_words_are_sorted_and_written_once():
    own = OWN_WORDS.read_text(encoding="utf-8").split()
    assert own == sorted(set(own))


def test_a_misspelt_word_is_found_and_code_is_not_prose(checker):
    assert unknown("A budgit for `llmhub.yml` in [it](budgit.md).\n\n```\nbudgit\n```\n", checker) == ["budgit"]
