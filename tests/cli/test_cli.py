"""The process as a whole: what the shell is told when nobody reads on, or somebody stops it."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ROLLOUTCTL = [sys.executable, "-c", "from controller.cli import main; main()"]


def test_a_reader_that_left_is_not_taken_for_a_bug():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*ROLLOUTCTL, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_no_plugin_of_another_package_runs_in_our_models(tmp_path: Path):
    """Looking for them would also open every package installed."""
    about = tmp_path / "meddler-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: meddler\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[pydantic]\nmeddler = meddler:plugin\n")
    (tmp_path / "meddler.py").write_text("raise SystemExit('it was loaded')\n")
    paths = os.pathsep.join([str(tmp_path), str(REPOSITORY)])
    done = subprocess.run(
        [*ROLLOUTCTL, "validate", "-C", str(REPOSITORY)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
