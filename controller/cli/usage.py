"""From what somebody mistyped to what to type: click's errors in our words.

A command that is called wrongly has done nothing; all that is left is to say what to type instead.
"""

import click

from controller.errors import RolloutError, UsageError


def explained(error: click.UsageError) -> RolloutError:
    """The same error with a message and a next command, as all others have them."""
    return UsageError(_message(error).rstrip("."), _next(error.ctx))


def _message(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter(param=click.Option() as option):
            taken = f" {option.metavar}" if option.metavar else ""
            return f"{_name(option)}{taken} is missing: {_lowered(option.help or '')}".rstrip(": ")
        case click.MissingParameter(param=click.Argument() as argument):
            return f"{_name(argument)} is missing"
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"{_name(parameter)}: {error.message}"
        case click.NoSuchOption():
            return f"there is no option {error.option_name}{_meant(error)}"
        case click.BadOptionUsage():
            return f"{error.option_name}: its value is missing"
        case _:
            return _lowered(error.format_message())


def _meant(error: click.NoSuchOption) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- costs start-up, and is for typos only

    command = error.ctx.command if error.ctx else None
    known = [name for option in (command.params if command else ()) for name in option.opts]
    begun = [name for name in known if name.startswith(error.option_name)]
    close = begun or get_close_matches(error.option_name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _name(parameter: click.Parameter) -> str:
    """As the help has it: the longest spelling of an option, an argument in capitals."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return (parameter.metavar or parameter.name or "").upper()


def _next(context: click.Context | None) -> str:
    """The example of the command's own help, and where the rest stands."""
    if context is None:
        return "rolloutctl --help"
    example = (context.command.epilog or "").removeprefix("Example: ")
    help_command = f"{context.command_path} --help"
    if not example.startswith(context.command_path):
        return help_command
    return f"like this: {example}\n{help_command}"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
