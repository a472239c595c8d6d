import pytest

from controller.demo.company.behaviour import LEGACY, SEQUENTIAL, Behaviour, Profile


def test_every_behaviour_has_its_odds():
    assert set(SEQUENTIAL) == set(Behaviour)


@pytest.mark.parametrize("profile", [LEGACY, *SEQUENTIAL.values()])
def test_odds_are_shares(profile: Profile):
    shares = (profile.failed, profile.stuck, profile.unsynced, profile.corrupt, profile.afflicted)
    assert all(0 <= share <= 1 for share in shares)
    assert profile.failed + profile.stuck <= 1
