from datetime import timedelta

import pytest

from controller.deploy_env.vercel_options import RedeployMode, VercelOptions
from controller.errors import UsageError

SECRETS = {
    "VERCEL_TOKEN": "tok_8sKq2Lm9",
    "HOOK": "https://api.vercel.com/v1/deploy/x",
    "T2": "other",
}
GIVEN = {"project": "shop", "team_id": "team_1"}


def _parse(**options: str) -> VercelOptions:
    return VercelOptions.parse({**GIVEN, **options}, SECRETS)


def test_two_options_are_enough() -> None:
    options = _parse()
    assert (options.project, dict(options.scope)) == ("shop", {"teamId": "team_1"})
    assert options.token.reveal() == "tok_8sKq2Lm9"
    assert options.api_url == "https://api.vercel.com"
    assert options.redeploy is RedeployMode.AUTO
    assert options.redeploy_timeout == timedelta(minutes=10)
    assert (options.hook, options.verify_url) == (None, None)


def test_every_option_is_read() -> None:
    options = VercelOptions.parse(
        {
            "project": "prj_1",
            "team_slug": "acme",
            "token": "T2",
            "api_url": "https://proxy.example.com/vercel/",
            "redeploy": "hook",
            "deploy_hook": "HOOK",
            "redeploy_timeout": "90s",
            "verify_url": "https://shop.example.com/flags",
        },
        SECRETS,
    )
    assert dict(options.scope) == {"slug": "acme"}
    assert options.token.reveal() == "other"
    assert options.api_url == "https://proxy.example.com/vercel"
    assert options.hook
    assert options.hook.reveal() == SECRETS["HOOK"]
    assert options.redeploy_timeout == timedelta(seconds=90)
    assert options.verify_url == "https://shop.example.com/flags"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"project": "a/b"}, "`project`"),
        ({"project": "../v2/user"}, "`project`"),
        ({"project": "shop?x=1"}, "`project`"),
        ({"team_id": "team 1"}, "`team_id`"),
        ({"team_slug": "acme"}, "either `team_id` or `team_slug`"),
        ({"api_url": "http://api.vercel.com"}, "`api_url`"),
        ({"verify_url": "http://shop.example.com"}, "`verify_url`"),
        ({"redeploy": "always"}, "`redeploy`"),
        ({"redeploy": "hook"}, "`deploy_hook`"),
        ({"redeploy": "hook", "deploy_hook": "NOT_SET"}, "NOT_SET"),
        ({"redeploy_timeout": "10 minutes"}, "`redeploy_timeout`"),
        ({"token": "NOT_SET"}, "NOT_SET"),
        ({"projct": "shop"}, "did you mean `project`"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        _parse(**options)
    assert said in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("missing", GIVEN)
def test_a_missing_option_is_named(missing: str) -> None:
    left = {name: value for name, value in GIVEN.items() if name != missing}
    with pytest.raises(UsageError, match=missing):
        VercelOptions.parse(left, SECRETS)


def test_the_hook_is_not_needed_where_it_is_not_used() -> None:
    assert _parse(redeploy="auto", deploy_hook="NOT_SET").hook is None
