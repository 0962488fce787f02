import os
import sys
from pathlib import Path

import pytest
from rich.console import Console

from flight_delays.lineage.watching import watch


def test_exit_code_and_what_was_printed_are_told(tmp_path: Path) -> None:
    code = "import os, sys; print(os.getcwd(), os.environ['A'], flush=True); sys.exit('no')"
    watched = watch([sys.executable, "-c", code], tmp_path, {"A": "b"}, "Watching", Console())
    assert watched == (1, f"{tmp_path} b\nno\n")


class InterruptingConsole(Console):
    """Presses Ctrl-C when the command has printed its first line, its process id."""

    def status(self, *arguments, **options):  # type: ignore[no-untyped-def]
        status = super().status(*arguments, **options)

        def update(line: object) -> None:
            self.seen = str(line)
            raise KeyboardInterrupt

        status.update = update  # type: ignore[assignment]
        return status


def test_command_ends_with_an_interrupted_process(tmp_path: Path) -> None:
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(20)"
    console = InterruptingConsole()
    with pytest.raises(KeyboardInterrupt):
        watch([sys.executable, "-c", code], tmp_path, os.environ, "Watching", console)
    with pytest.raises(ProcessLookupError):
        os.kill(int(console.seen), 0)
