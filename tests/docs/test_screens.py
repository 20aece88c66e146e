"""The screens of the documentation show what their commands show: `python tests/docs/screens.py` draws them anew."""

import os
import sys

import pytest

if os.name == "nt":
    pytest.skip("screens are taken from a terminal, which Windows has none of this kind of", allow_module_level=True)

from tests.docs.screens import FOLDER, SCREENS, drawn, taken, words


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_shows_what_its_command_shows(screen):
    kept = (FOLDER / f"{screen.name}.svg").read_text(encoding="utf-8")
    assert words(kept) == words(drawn(screen, taken(screen))), (
        f"if this is meant: {sys.executable} tests/docs/screens.py"
    )


def test_no_other_screen_lies_about():
    assert sorted(file.stem for file in FOLDER.glob("*.svg")) == sorted(screen.name for screen in SCREENS)
