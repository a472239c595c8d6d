"""Places of values, and the types that other readers of YAML 1.2 give them."""

import pytest

from controller.config.document import Quoted, as_json
from controller.config.yaml_reader import read_yaml


@pytest.fixture
def document():
    return read_yaml("f.yaml", b"a: 1\nb:\n  - {c: x}\n  - y\n")[0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("a",), "1"),
        (("b", 0, "c"), "x"),
        (("b", 1), "y"),
        (("b", 2), None),
        (("b", "c"), None),
        (("a", "b"), None),
        (("z", "y"), None),
    ],
)
def test_values_are_found_and_others_are_none(document, path, value):
    assert document.value_at(*path) == value


def test_a_place_is_that_of_the_nearest_value_around(document):
    assert str(document.place("b", 7, "z")) == "f.yaml:3:3"
    assert str(document.place("z")) == "f.yaml:1:1"
    assert str(document.key_place("b", 0, "c")) == "f.yaml:3:6"
    assert str(document.key_place("z")) == "f.yaml:1:1"


def test_elements_that_are_no_keys_are_left_out_of_a_path(document):
    assert document.follow(("b", "<tag>", 0, "c", "[key]")) == ("b", 0, "c")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("10", 10),
        ("-3", -3),
        ("0.5", 0.5),
        *(
            (text, text)
            for text in ("off", "True", "010", "1_0", "10%", "12:30", "1e5", ".5", "5.")
        ),
        ("9" * 30, "9" * 30),
        (Quoted("10"), "10"),
        (Quoted("true"), "true"),
        (None, None),
    ],
)
def test_types_of_yaml_1_2(text, value):
    found = as_json({"a": [text]})["a"][0]
    assert found == value
    assert type(found) is type(value)
