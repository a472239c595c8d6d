"""The demo's story: one rollout as an engineer lives through it, on a real database and real git.

Each chapter is a function, says in a sentence what happens, and lets the tool speak for itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import click
import psycopg

from controller.demo.company.behaviour import Behaviour
from controller.demo.company.simulation import simulate
from controller.demo.passing_time import let_time_pass
from controller.demo.workplace import FLAG, Workplace

_ROLLOUT: Final = f"rollout/{FLAG}.yaml"
_CHANGED: Final = 3
_DRIFTED: Final = 4
_REFUSED: Final = 5
_NO_DATA: Final = 11
_ROLLBACK: Final = 12

LENGTH: Final = timedelta(hours=12 + 48 + 48)
"""How much time passes in the story; the company's history ends so long before the present."""

_BUSY: Final = 40.0
"""The pilot tries it out: enough runs to judge it by in two days, be they a weekend."""

_BUSIER: Final = 15.0
"""So do the many that have it then; together they need to be less busy for the same."""


_BY_HAND: Final = """
    INSERT INTO "MerchantConfig" ("id", "merchantId", "enableSequentialWorkflow", "updatedAt")
    VALUES ('by-hand', %s, true, now() AT TIME ZONE 'UTC')
    ON CONFLICT ("merchantId") DO UPDATE
    SET "enableSequentialWorkflow" = true, "updatedAt" = now() AT TIME ZONE 'UTC'
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the story plays.

    Attributes:
        begun: Before this moment the company was without the tool.
    """

    workplace: Workplace
    connection: psycopg.Connection
    begun: datetime


def tell(scene: Scene) -> None:
    """Tell the whole story."""
    for number, chapter in enumerate(CHAPTERS, start=1):
        title = (chapter.__doc__ or "").splitlines()[0].rstrip(".")
        click.secho(f"\n{number}. {title}", fg="cyan", bold=True)
        chapter(scene)


def _files(scene: Scene) -> None:
    """The files are checked before anything else reads them."""
    scene.workplace.rolloutctl("validate")


def _look(scene: Scene) -> None:
    """Who would be touched? A plan changes nothing."""
    scene.workplace.rolloutctl("plan", "--detailed-exitcode", expect=(_CHANGED,))


def _pilot(scene: Scene) -> None:
    """The pilot: one merchant gets it; the missing table is part of the plan."""
    scene.workplace.rolloutctl("reconcile")


def _again(scene: Scene) -> None:
    """Once more: nothing is left to do."""
    scene.workplace.rolloutctl("reconcile")


def _too_early(scene: Scene) -> None:
    """Half a day later: the pilot has had no run; the gate holds, the promotion is withheld."""
    _hours_pass(scene, 12, Behaviour.QUIET)
    scene.workplace.rolloutctl("gate", FLAG, expect=(_NO_DATA,))
    scene.workplace.edit(_ROLLOUT, "demo: pilot", "demo: 10%")
    scene.workplace.commit("Advance sequential_workflow to 10%")
    scene.workplace.rolloutctl("reconcile", expect=(_REFUSED,))


def _promotion(scene: Scene) -> None:
    """Two days later: the pilot's runs were quick and right, and the gate lets it pass."""
    _hours_pass(scene, 48, Behaviour.FLAWLESS, treated_pace=_BUSY)
    scene.workplace.rolloutctl("gate", FLAG)
    scene.workplace.rolloutctl("plan", "--detailed-exitcode", expect=(_CHANGED,))
    scene.workplace.rolloutctl("reconcile")


def _explain(scene: Scene) -> None:
    """Why does this merchant have it?"""
    scene.workplace.rolloutctl("explain", _shop_domain(scene, on=True))


def _drift(scene: Scene) -> None:
    """Somebody changes a value by hand; it is seen, named and healed."""
    merchant = _merchant(scene, on=False)
    scene.connection.execute(_BY_HAND, [merchant])
    scene.connection.commit()
    click.echo(f"\n  psql> the value of {merchant} is set to true")
    scene.workplace.rolloutctl("drift", expect=(_DRIFTED,))
    scene.workplace.rolloutctl("reconcile")


def _halt(scene: Scene) -> None:
    """3 a.m.: off for everyone, at once; and it stays off until somebody resumes it."""
    scene.workplace.rolloutctl("halt", FLAG, "--reason", "orders without line items")
    scene.workplace.rolloutctl("reconcile")
    scene.workplace.rolloutctl("resume", FLAG, "--reason", "fixed and deployed")
    scene.workplace.rolloutctl("reconcile")


def _harm(scene: Scene) -> None:
    """Two days at 10%: one run in three fails. The gate has proof, and calls for rollback."""
    _hours_pass(scene, 48, Behaviour.FAILING, treated_pace=_BUSIER)
    scene.workplace.rolloutctl("gate", FLAG, expect=(_ROLLBACK,))


def _revert(scene: Scene) -> None:
    """Rolling back is git revert: no gate is asked, the pilot keeps it, the others lose it."""
    scene.workplace.git("revert", "--no-edit", "HEAD", shown=True)
    scene.workplace.rolloutctl("reconcile")


def _look_back(scene: Scene) -> None:
    """Where it stands now, and how it came to that."""
    scene.workplace.rolloutctl("status")
    scene.workplace.rolloutctl("history", "--limit", "8")


CHAPTERS: Final[tuple[Callable[[Scene], None], ...]] = (
    _files,
    _look,
    _pilot,
    _again,
    _too_early,
    _promotion,
    _explain,
    _drift,
    _halt,
    _harm,
    _revert,
    _look_back,
)


def _hours_pass(
    scene: Scene, hours: int, behaviour: Behaviour, *, treated_pace: float = 1.0
) -> None:
    let_time_pass(scene.connection, timedelta(hours=hours), begun=scene.begun)
    simulate(
        scene.connection,
        hours=hours,
        behaviour=behaviour,
        at=datetime.now(UTC),
        treated_pace=treated_pace,
    )


def _merchant(scene: Scene, *, on: bool) -> str:
    return _one(scene, "id", on=on)


def _shop_domain(scene: Scene, *, on: bool) -> str:
    return _one(scene, "shopDomain", on=on)


def _one(scene: Scene, column: str, *, on: bool) -> str:
    """The first merchant, by id, that has the feature or not; the same one in every run."""
    row = scene.connection.execute(
        psycopg.sql.SQL(
            'SELECT m.{} FROM "Merchant" m LEFT JOIN "MerchantConfig" c ON c."merchantId" = m."id" '
            'WHERE coalesce(c."enableSequentialWorkflow", false) = %s ORDER BY m."id" LIMIT 1'
        ).format(psycopg.sql.Identifier(column)),
        [on],
    ).fetchone()
    scene.connection.commit()
    assert row is not None  # noqa: S101 -- a company of a thousand has both
    return str(row[0])
