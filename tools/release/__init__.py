"""Releasing LLM Hub and the distributions in plugins/: `nox -s release -- minor --dry-run`.

All work is done on a copy of the last commit, in a temporary folder, and only what succeeded reaches the tree.

`versions` what is released, and as which version; `tree` the state of git; `artefacts` building and checking;
`tokens` keys of the index; `__main__` the steps, in order.
"""


class ReleaseError(Exception):
    """Something that whoever releases has to mend first. `problems` has them all."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))
