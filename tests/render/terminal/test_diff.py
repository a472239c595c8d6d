"""A diff for the terminal."""

from click import unstyle

from controller.render.terminal.diff import diff_text


def test_only_what_changes_and_what_is_around_it():
    text = unstyle(diff_text("a\nb\nc\nd\n", "a\nb\nC\nd\n", "f.yaml"))
    assert text == "--- f.yaml\n+++ f.yaml\n@@ -1,4 +1,4 @@\n a\n b\n-c\n+C\n d\n"


def test_no_change_is_no_diff():
    assert diff_text("a\n", "a\n", "f.yaml") == ""


def test_what_stands_in_a_file_cannot_steer_the_terminal():
    assert "\x1b" not in unstyle(diff_text("", "\x1b[2J\n", "f.yaml"))
