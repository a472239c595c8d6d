"""Adapters are found by their names, and what is wrong with one is said."""

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from controller.adapters import Port
from controller.errors import UsageError

PORT = Port("rolloutctl.test", "thing")


def installed(*pairs: tuple[str, str]) -> EntryPoints:
    return EntryPoints(EntryPoint(name, value, PORT.group) for name, value in pairs)


def test_one_is_loaded_by_its_name():
    known = installed(("error", "controller.errors:UsageError"), ("broken", "no_such:Thing"))
    assert PORT.load("error", known) is UsageError


def test_an_unknown_one_is_told_with_those_that_are_there():
    with pytest.raises(UsageError, match="no thing named 'acm'; did you mean 'acme'") as caught:
        PORT.load("acm", installed(("acme", "a:A"), ("other", "b:B")))
    assert "acme, other" in caught.value.hint


def test_without_any_it_says_so():
    with pytest.raises(UsageError) as caught:
        PORT.load("acme", installed())
    assert "none" in caught.value.hint


@pytest.mark.parametrize("value", ["no_such_package:Adapter", "controller.errors:NoSuchClass"])
def test_a_broken_one_is_told(value: str):
    with pytest.raises(UsageError, match="cannot be imported") as caught:
        PORT.load("acme", installed(("acme", value)))
    assert caught.value.__cause__ is not None


def test_two_of_one_name_are_told():
    with pytest.raises(UsageError, match="a:A, b:B"):
        PORT.load("acme", installed(("acme", "a:A"), ("acme", "b:B")))


def test_one_that_is_listed_twice_is_one():
    """As an editable install beside a stale one lists it."""
    value = "controller.errors:UsageError"
    assert PORT.load("error", installed(("error", value), ("error", value)))
