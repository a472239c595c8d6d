"""The process as a whole: what the shell is told when nobody reads on, or somebody stops it."""

import os
import subprocess
import sys

ROLLOUTCTL = [sys.executable, "-c", "from controller.cli import main; main()"]


def test_a_reader_that_left_is_not_taken_for_a_bug():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*ROLLOUTCTL, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
