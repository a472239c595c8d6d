import pytest

from controller.domain.wording import counted, have


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 merchants have it"), (1, "1 merchant has it"), (1_200, "1,200 merchants have it")],
)
def test_numbers_agree_with_their_nouns_and_verbs(number, text):
    assert f"{counted(number)} {have(number)}" == text


def test_other_nouns():
    assert (counted(1, "phase"), counted(2, "phase")) == ("1 phase", "2 phases")


def test_a_plural_of_its_own():
    assert counted(12_345, "time series", "time series") == "12,345 time series"
