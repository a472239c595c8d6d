"""docs/vercel.md says what the code does."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from controller.deploy_env.vercel_options import RedeployMode, VercelOptions
from controller.errors import UsageError
from controller.testing.deploy_env_contract import DeployEnvContract

PAGE = Path(__file__).parents[2] / "docs" / "vercel.md"
TEXT = PAGE.read_text(encoding="utf-8")


def _block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert len(found) == 1
    return found[0]


def test_the_table_has_every_option() -> None:
    section = TEXT.split("## Options")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    documented = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    with pytest.raises(UsageError) as caught:
        VercelOptions.parse({"unknown": "x"}, {})
    assert documented == set(re.findall(r"\w+", caught.value.hint.split(":")[1]))


def test_every_mode_is_explained() -> None:
    section = TEXT.split("| `redeploy` |")[2].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(RedeployMode)


@dataclass
class DocumentedWorld:
    module: dict[str, Any] = field(default_factory=dict)
    targets: tuple[str, ...] = ("preview", "production")

    def open(self) -> Any:
        return self.open_with()

    def open_with(self, **options: str) -> Any:
        return self.module["AcmeDeployEnv"].from_options(options, {}, Path())

    def put(self, name: str, value: str, target: str) -> None:
        self.module["STORE"][name, target] = value

    def stored(self, name: str, target: str) -> str | None:
        return self.module["STORE"].get((name, target))

    def live(self, name: str) -> str | None:
        return self.stored(name, "production")


CONTRACT = [name for name in dir(DeployEnvContract) if name.startswith("test_")]


@pytest.mark.parametrize("name", CONTRACT)
def test_the_example_of_an_adapter_holds_the_contract(name: str) -> None:
    world = DocumentedWorld()
    exec(compile(_block("python"), str(PAGE), "exec"), world.module)
    test: Callable[[DocumentedWorld], None] = getattr(DeployEnvContract(), name)
    test(world)
