"""The few styles of the terminal, by meaning. click drops them where the output is no terminal."""

import click


def good(text: str) -> str:
    """Something gained, or in order."""
    return click.style(text, fg="green")


def bad(text: str) -> str:
    """Something lost, refused or wrong."""
    return click.style(text, fg="red")


def warn(text: str) -> str:
    """Something to look at."""
    return click.style(text, fg="yellow")


def strong(text: str) -> str:
    """A heading, or the one thing to read."""
    return click.style(text, bold=True)


def faint(text: str) -> str:
    """Details for those who want them."""
    return click.style(text, dim=True)
