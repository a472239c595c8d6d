import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.domain.canonical import VERSION, decode, encode
from tests.domain.strategies import any_words, edits, flag, flags, ladder, override

definitions = st.builds(
    lambda flag, text: replace(flag, flag=replace(flag.flag, description=text)),
    st.one_of(flags(), flags(column=None)),
    any_words,
)


@given(definitions)
def test_what_is_written_is_read_back(definition):
    assert decode(encode(definition)) == definition


@given(definitions)
def test_equal_values_give_equal_bytes(definition):
    again = decode(encode(definition))
    assert encode(again) == encode(definition)
    if again.rollout is not None:
        exclude = frozenset(sorted(again.rollout.eligible.exclude, reverse=True))
        eligible = replace(again.rollout.eligible, exclude=exclude)
        again = replace(again, rollout=replace(again.rollout, eligible=eligible))
    assert encode(again).encode() == encode(definition).encode()


@given(flags().flatmap(lambda before: st.tuples(st.just(before), edits(before))))
def test_different_values_give_different_bytes(pair):
    before, after = pair
    assert (encode(before) == encode(after)) == (before == after)


def test_the_form_of_version_1_is_fixed():
    """Ledgers of years ago are read with this: change the form, and change the version."""
    definition = flag(
        "pilot",
        ladder("clx7")[:2],
        overrides=[override("clx8", value=False)],
        exclude=["b", "a"],
    )
    assert encode(definition) == (
        '{"flag":{"column":"enableSeq","deploy_env":null,"description":"A flag.","expires":null,'
        '"global":false,"key":"seq","overrides":[{"expires":null,"merchant":"clx8",'
        '"reason":"a reason","value":false}],"owner":"@acme/team"},'
        '"rollout":{"exclude":["a","b"],"min_merchant_age":0,"phase":"pilot",'
        '"phases":[{"gate":null,"merchants":["clx7"],"name":"pilot","percent":null,"soak":0},'
        '{"gate":null,"merchants":[],"name":"10%","percent":1000,"soak":0}],'
        '"salt":"seq","version":1},"v":1}'
    )


def test_text_is_kept_as_it_is():
    definition = flag(overrides=[replace(override("a", value=True), reason='ü 🍊 "\n\u2028')])
    assert "ü 🍊" in encode(definition)
    assert decode(encode(definition)) == definition


@pytest.mark.parametrize("version", [VERSION + 1, None, "1"])
def test_a_form_that_a_newer_program_wrote_is_not_guessed_at(version):
    document = json.loads(encode(flag())) | {"v": version}
    with pytest.raises(ValueError, match="version"):
        decode(json.dumps(document))
