"""Finding the repository from wherever one stands in it."""

import pytest

from controller.cli.root import find_root
from controller.errors import UsageError


def test_the_folder_itself_or_one_above_it(tmp_path):
    for name in ("flags", "rollout/environments", "docs/deep"):
        (tmp_path / name).mkdir(parents=True)
    for start in (".", "flags", "rollout/environments", "docs/deep"):
        assert find_root(tmp_path / start) == tmp_path


def test_one_of_the_two_folders_is_not_enough(tmp_path):
    (tmp_path / "flags").mkdir()
    with pytest.raises(UsageError, match="flags/ and rollout/"):
        find_root(tmp_path)
