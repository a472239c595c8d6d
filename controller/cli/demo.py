"""`rolloutctl demo`: live through a whole rollout on an embedded PostgreSQL."""

import click

from controller.cli import options


@click.command(epilog="Example: rolloutctl demo --keep")
@click.option("--keep", is_flag=True, help="Leave the database and the repository for playing on.")
@click.option(
    "--merchants",
    type=options.Number(100, 100_000),
    metavar="NUMBER",
    default=1_000,
    show_default=True,
    help="How many merchants the generated company has.",
)
def demo(keep: bool, merchants: int) -> None:
    """Live through a whole rollout on an embedded PostgreSQL.

    It generates a company, and shows the tool's real output at every step: plan, pilot, promotion,
    drift, halt, git revert. Everything lives in temporary folders and is gone at the end.
    """
    from controller.demo.stage import perform  # noqa: PLC0415 -- brings numpy and psycopg

    perform(merchants=merchants, keep=keep)
