"""A fake Vercel a test, with a clock of its own, and the adapter that talks to it."""

from collections.abc import Callable, Iterator

import pytest

from controller.deploy_env.vercel import VercelDeployEnv
from controller.deploy_env.vercel_options import VercelOptions
from controller.http_calls.caller import Patience
from controller.testing import FakeVercel

OpenVercel = Callable[..., VercelDeployEnv]


@pytest.fixture
def vercel() -> Iterator[FakeVercel]:
    with FakeVercel() as fake:
        yield fake


@pytest.fixture
def open_vercel(vercel: FakeVercel) -> Iterator[OpenVercel]:
    """Makes adapters, by the fake's clock; every one is closed in the end."""
    opened: list[VercelDeployEnv] = []

    def open_one(secrets: dict[str, str] | None = None, **options: str) -> VercelDeployEnv:
        patience = Patience(clock=vercel.clock, timeout=10, chance=lambda: 0.5)
        parsed = VercelOptions.parse(vercel.options(**options), secrets or vercel.secrets)
        opened.append(VercelDeployEnv(parsed, patience))
        return opened[-1]

    yield open_one
    for env in opened:
        env.close()
