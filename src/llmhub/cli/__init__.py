"""The `llmhub` command.

`root` the group, which imports a command only when it is run; `session` what every command works with; `render` tables
for people and JSON for programs; `commands` one module per command.
"""

from __future__ import annotations

import sys

EXIT_INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process.

    With 0 ok, 1 the user's to mend, 2 usage, 3 provider or network, 130 interrupted.
    """
    from llmhub.cli.root import llmhub
    from llmhub.errors import HubError

    try:
        llmhub(prog_name="llmhub")
    except HubError as error:
        from llmhub.cli.render import discreet

        print(f"Error: {discreet(str(error))}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone: nothing is wrong, and nothing is left to tell.
        sys.stderr.close()
        sys.exit(0)
