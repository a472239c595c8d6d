"""libyaml is used where it is there, and its complaints come with what usually causes them."""

import pytest
import yaml

from controller.config import reading_codes as codes
from controller.config.yaml_events import FastestParser, PureParser, syntax_problem


def test_the_fastest_parser_is_libyaml_where_it_is_there():
    assert (FastestParser is PureParser) is not yaml.__with_libyaml__


def complaint(text, parser):
    with pytest.raises(yaml.YAMLError) as raised:
        list(iter(parser(text).get_event, None))
    return syntax_problem("f.yaml", raised.value)


@pytest.mark.parametrize("parser", [FastestParser, PureParser], ids=["fastest", "pure"])
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: @b\n", "`@`"),
        ("a: b: c\n", "quotes around text"),
        ("a: 'b\n", "quote is not closed"),
        ("a: [b\nc: d\n", "bracket"),
        ("a:\n  - b\n c: d\n", "indentation"),
    ],
)
def test_the_usual_cause_is_named(text, part, parser):
    problem = complaint(text, parser)
    assert problem.code is codes.YAML_SYNTAX
    assert part in problem.suggestion
    assert problem.place.line >= 1


def test_what_has_no_place_is_at_the_beginning():
    assert str(syntax_problem("f.yaml", ValueError("chr() arg")).place) == "f.yaml:1:1"
