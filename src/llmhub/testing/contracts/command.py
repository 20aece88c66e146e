"""What every command of a plugin promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import click


class CommandContract:
    """Give the fixture `command`: the click command that `llmhub_commands` offers."""

    @pytest.fixture
    def command(self) -> click.Command:
        pytest.fail("the contract needs a fixture `command` that returns your click command")

    def test_it_has_a_name_that_fits_the_command_line(self, command: click.Command) -> None:
        name = command.name or ""
        assert name
        assert name == name.lower().strip()
        assert " " not in name

    def test_its_help_says_in_one_line_what_it_does(self, command: click.Command) -> None:
        assert command.get_short_help_str(limit=200).strip()

    def test_help_is_given_without_doing_anything(
        self, command: click.Command, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            command.main(["--help"], prog_name=f"llmhub {command.name}")
        assert ended.value.code == 0
        assert f"Usage: llmhub {command.name}" in capsys.readouterr().out

    def test_an_option_that_is_none_is_a_mistake_of_use(
        self, command: click.Command, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            command.main(["--no-such-option-anywhere"], prog_name=f"llmhub {command.name}")
        assert ended.value.code == 2
        assert "no-such-option-anywhere" in capsys.readouterr().err
