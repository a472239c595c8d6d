"""A text that cannot be a flag's key is refused before anything is asked."""

import pytest

from tests.cli.desk import FLAG, Desk


@pytest.mark.parametrize("command", ["halt", "resume"])
@pytest.mark.parametrize("key", ["New-Checkout", "new checkout", "", "k" * 64, "'; DROP", "ключ"])
def test_what_cannot_be_a_key_is_refused(tmp_path, command, key):
    done = Desk.at(tmp_path, "").run(command, key, "--reason", "harm", env={"DATABASE_URL": None})
    assert done.code == 2
    assert "cannot be a flag's key" in done.err
    assert "lower-case letters, digits and _" in done.err


def test_a_key_written_another_way_is_suggested(tmp_path):
    done = Desk.at(tmp_path, "").run("halt", "New-Checkout", "--reason", "harm")
    assert f"did you mean {FLAG}?" in done.err
