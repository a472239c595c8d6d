"""The contract of the port, held by every adapter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from controller.deploy_env.dotenv import DotenvDeployEnv
from controller.deploy_env.dotenv_text import assignments
from controller.deploy_env.vercel import VercelDeployEnv
from controller.testing import FakeVercel
from controller.testing.deploy_env_contract import DeployEnvContract

TARGETS = ("development", "preview", "production")


@dataclass
class VercelWorld:
    vercel: FakeVercel
    open_with: Callable[..., VercelDeployEnv]
    targets: tuple[str, ...] = TARGETS

    def open(self) -> VercelDeployEnv:
        return self.open_with()

    def put(self, name: str, value: str, target: str) -> None:
        self.vercel.set_variable(name, value, (target,))

    def stored(self, name: str, target: str) -> str | None:
        return self.vercel.stored_value(name, target)

    def live(self, name: str) -> str | None:
        return self.vercel.live_value(name)


@dataclass
class DotenvWorld:
    folder: Path
    path: str
    targets: tuple[str, ...] = TARGETS

    def open(self) -> DotenvDeployEnv:
        return self.open_with()

    def open_with(self, **options: str) -> DotenvDeployEnv:
        return DotenvDeployEnv.from_options({"path": self.path, **options}, {}, self.folder)

    def put(self, name: str, value: str, target: str) -> None:
        file = self._file(target)
        text = file.read_text() if file.exists() else ""
        file.write_text(f"{text}{name}='{value}'\n")

    def stored(self, name: str, target: str) -> str | None:
        file = self._file(target)
        if not file.exists():
            return None
        found = [place.value for place in assignments(_text(file)) if place.name == name]
        return found[0] if found else None

    def live(self, name: str) -> str | None:
        return self.stored(name, "production")

    def _file(self, target: str) -> Path:
        return self.folder / self.path.replace("{target}", target)


def _text(file: Path) -> str:
    return file.read_bytes().decode()


class TestVercel(DeployEnvContract):
    @pytest.fixture
    def world(self, vercel: FakeVercel, open_vercel) -> VercelWorld:
        vercel.deploy()
        return VercelWorld(vercel, open_vercel)


class TestVercelWithDeployHook(DeployEnvContract):
    @pytest.fixture
    def world(self, vercel: FakeVercel, open_vercel) -> VercelWorld:
        vercel.deploy()

        def open_with(**options: str) -> VercelDeployEnv:
            return open_vercel(redeploy="hook", deploy_hook="VERCEL_DEPLOY_HOOK", **options)

        return VercelWorld(vercel, open_with)


class TestDotenvWithOneFile(DeployEnvContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> DotenvWorld:
        return DotenvWorld(tmp_path, ".env")


class TestDotenvWithAFileForEachTarget(DeployEnvContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> DotenvWorld:
        return DotenvWorld(tmp_path, "{target}.env")
