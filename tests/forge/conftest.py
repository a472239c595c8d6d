"""A fake GitHub a test; in the end all that went over its wire is held against the description."""

from collections.abc import Callable, Iterator

import pytest

from controller.forge.github import GitHubForge
from controller.forge.github_options import GitHubOptions
from controller.http_calls.caller import Patience
from controller.testing import FakeGitHub
from tests.forge.contract import check

OpenForge = Callable[..., GitHubForge]


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(page_size=3) as fake:
        yield fake
    for request in fake.requests:
        check(request)


@pytest.fixture
def open_forge(github: FakeGitHub) -> Iterator[OpenForge]:
    """Makes adapters, by the fake's clock; every one is closed in the end."""
    opened: list[GitHubForge] = []

    def open_one(token: str | None = None, **variables: str) -> GitHubForge:
        patience = Patience(clock=github.clock, timeout=10, chance=lambda: 0.5)
        options = GitHubOptions.parse(github.variables(token, **variables))
        opened.append(GitHubForge(options, patience))
        return opened[-1]

    yield open_one
    for forge in opened:
        forge.close()


@pytest.fixture
def forge(open_forge: OpenForge) -> GitHubForge:
    return open_forge()
