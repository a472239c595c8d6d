"""The configuration answers for environments that exist, and knows where things stand."""

import pytest

from controller.config.loader import load_files
from controller.errors import UsageError
from tests.config.repository import spoiled


@pytest.fixture
def configuration():
    return load_files(spoiled({}))


def test_an_unknown_environment_is_an_error_with_advice(configuration):
    with pytest.raises(UsageError) as raised:
        configuration.desired("prodction")
    assert raised.value.message == "there is no environment `prodction`"
    assert raised.value.hint == "did you mean `production`?"


@pytest.mark.parametrize(
    ("file", "path", "place"),
    [
        ("rollout/checkout.yaml", ("phase",), "rollout/checkout.yaml:2:1"),
        ("rollout/checkout.yaml", ("phase", "production"), "rollout/checkout.yaml:2:20"),
        ("rollout/checkout.yaml", ("phase", "nowhere"), "rollout/checkout.yaml:2:8"),
        ("flags/checkout.yaml", (), "flags/checkout.yaml:1:1"),
        ("flags/nothing.yaml", ("key",), "flags/nothing.yaml"),
    ],
)
def test_places(configuration, file, path, place):
    assert str(configuration.place(file, *path)) == place
