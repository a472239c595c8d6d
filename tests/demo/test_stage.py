"""The demo, whole: it tells its story, ends by itself and leaves nothing behind."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from controller.demo.story import CHAPTERS
from controller.demo.workplace import template

REPOSITORY = Path(__file__).parents[2]


def run_demo(temporary: Path, *arguments: str) -> str:
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "controller", "demo", "--merchants", "200", *arguments],
        env={
            **os.environ,
            "TMPDIR": str(temporary),
            "DATABASE_URL": "postgresql://nobody.invalid/x",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_whole_story_is_told(tmp_path: Path):
    story = run_demo(tmp_path / "tmp")
    assert len(re.findall(r"^\d+\. ", story, re.MULTILINE)) == len(CHAPTERS)
    assert "In sync" in story
    assert "HALTED sequential_workflow" in story
    assert "10% -> pilot (retreat)" in story
    verdicts = re.findall(r"^  (INSUFFICIENT DATA|PROCEED|ROLLBACK)  ", story, re.MULTILINE)
    assert verdicts == ["INSUFFICIENT DATA", "PROCEED", "ROLLBACK"]
    assert "WITHHELD by advance_without_gate" in story
    assert list((tmp_path / "tmp").glob("rolloutctl*")) == []


def test_keep_leaves_a_database_to_play_with_and_says_how_to_end_it(tmp_path: Path):
    story = run_demo(tmp_path / "tmp", "--keep")
    url = re.search(r"DATABASE_URL='([^']+)'", story)
    stop = re.search(r"To end it:\n\n  (.+)", story)
    assert url
    assert stop
    try:
        with psycopg.connect(url[1]) as connection:
            answer = connection.execute('SELECT count(*) FROM "Merchant"').fetchone()
        assert answer == (200,)
    finally:
        subprocess.run(["sh", "-c", stop[1]], check=True)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url[1])


@pytest.mark.parametrize(
    "name",
    [
        "flags/sequential_workflow.yaml",
        "rollout/sequential_workflow.yaml",
        "rollout/environments/demo.yaml",
        "rollout/environments/production.yaml",
    ],
)
def test_the_demo_uses_the_files_of_this_repository(name: str):
    assert template(name) == (REPOSITORY / name).read_bytes()
