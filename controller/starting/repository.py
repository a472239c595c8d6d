"""The files of a new repository, as values. Pure, but for the templates that the package carries.

The workflows are this project's own, byte for byte, but for where their action comes from.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from typing import Final

from controller.config.json_schema import schemas
from controller.config.text_edits import scalar
from controller.starting.choices import Choices

LOCAL_ACTION: Final = "./.github/actions/rolloutctl"
"""How this project's own workflows name the action."""

NO_ACTION: Final = f"OWNER/rolloutctl@{'0' * 40}"
"""What stands there until somebody says where rolloutctl comes from."""

WORKFLOWS: Final = ("check", "recheck", "reconcile", "guard", "promote", "dashboard", "tidy")

_PIN_COMMENT: Final = "# the commit of rolloutctl that runs here"
_STAGING_SECRETS: Final = (
    "          STAGING_DATABASE_URL: ${{ secrets.STAGING_GATE_DATABASE_URL }}\n"
)
_JUDGING: Final = "          DATABASE_URL: ${{ secrets.GATE_DATABASE_URL }}\n"
_SCHEMA: Final = "external # migrations own the table; the plan prints what they need"


def repository(choices: Choices) -> Mapping[str, bytes]:
    """Every file of the new repository, by its path with slashes."""
    return {name: text.encode() for name, text in _texts(choices)}


def _texts(choices: Choices) -> Iterator[tuple[str, str]]:
    words = _words(choices)
    yield "README.md", _filled("README.md", words)
    yield ".gitignore", _template("gitignore")
    yield f"flags/{choices.flag}.yaml", _filled("flag.yaml", words)
    yield f"rollout/{choices.flag}.yaml", _filled("rollout.yaml", words)
    yield "rollout/environments/production.yaml", _filled("production.yaml", _production(choices))
    if choices.with_staging:
        staging = {"database": _database(choices)}
        yield "rollout/environments/staging.yaml", _filled("staging.yaml", staging)
    for name in ("CODEOWNERS", "dependabot.yml", "pull_request_template.md"):
        yield f".github/{name}", _filled(name, {"owner": choices.owner})
    yield from _workflows(choices)
    for name, text in schemas().items():
        yield f"docs/schema/{name}", text


def _workflows(choices: Choices) -> Iterator[tuple[str, str]]:
    for name in WORKFLOWS:
        text = _template(f"workflows/{name}.yml").replace(LOCAL_ACTION, _action(choices))
        if choices.with_staging:
            text = text.replace(_JUDGING, _JUDGING + _STAGING_SECRETS)
        yield f".github/workflows/{name}.yml", text
    if choices.with_staging:
        text = _template("workflows/reconcile.yml").replace(LOCAL_ACTION, _action(choices))
        yield ".github/workflows/reconcile-staging.yml", _for_staging(text)


def _for_staging(text: str) -> str:
    """The reconcile of the other environment: its names, its secrets, another minute."""
    for old, new in (
        ("name: reconcile\n", "name: reconcile staging\n"),
        ("production", "staging"),
        (" DATABASE_URL: ${{ secrets.", " STAGING_DATABASE_URL: ${{ secrets.STAGING_"),
        (
            " WORKFLOW_DATABASE_URL: ${{ secrets.",
            " STAGING_WORKFLOW_DATABASE_URL: ${{ secrets.STAGING_",
        ),
        ("7,37 * * * *", "22,52 * * * *"),
    ):
        text = text.replace(old, new)
    return "".join(line for line in text.splitlines(keepends=True) if "VERCEL_TOKEN" not in line)


def _action(choices: Choices) -> str:
    where, _, commit = (choices.action or NO_ACTION).partition("@")
    return f"{where}/{LOCAL_ACTION.removeprefix('./')}@{commit} {_PIN_COMMENT}"


def _words(choices: Choices) -> dict[str, str]:
    """What the tokens of the flag's, the rollout's and the README's templates stand for."""
    return {
        "flag": choices.flag,
        "key": scalar(choices.flag),
        "description": json.dumps(choices.description, ensure_ascii=False),
        "owner": json.dumps(choices.owner, ensure_ascii=False),
        "expires": choices.expires.isoformat(),
        "column": scalar(choices.column),
        "deploy_env": _global_home(choices),
        "phase": "{production: off, staging: off}" if choices.with_staging else "off",
        "pilot_phase": _pilot_phase(choices),
        "pilot_gate": _pilot_gate(choices),
        **_readme_words(choices),
    }


def _readme_words(choices: Choices) -> dict[str, str]:
    where, _, commit = (choices.action or "").partition("@")
    page = f"https://github.com/{where}"
    return {
        "tool": f"[rolloutctl]({page})" if where else "rolloutctl",
        "page": f"[docs/github.md]({page}/blob/{commit}/docs/github.md)"
        if where
        else "docs/github.md",
        "and_vercel": " and Vercel" if choices.vercel else "",
        "vercel_secret": " and `VERCEL_TOKEN`" if choices.vercel else "",
        **{f"settings_{name}": _settings(choices, name) for name in _SETTINGS},
        "staging_secret": _STAGING_TODO if choices.with_staging else "",
        "pin": _PINNED if choices.action else _PIN_IT,
        "pilot": _NAMED if choices.pilot else _NAME_IT.replace("<<flag>>", choices.flag),
    }


_STAGING_TODO: Final = (
    ", and\n      for staging `STAGING_GATE_DATABASE_URL`; the environment `staging` with "
    "`STAGING_DATABASE_URL`"
)
_PINNED: Final = (
    "see that the workflows may use rolloutctl: a private repository has to allow it under\n"
    "      *Settings → Actions → General → Access*"
)
_PIN_IT: Final = (
    f"in every file of .github/workflows/ replace `{NO_ACTION.partition('@')[0]}` by the "
    "repository that holds\n      rolloutctl, and the zeros by the commit of it that you have read"
)
_NAMED: Final = "see that the pilot's merchants have been told"
_NAME_IT: Final = (
    "name the pilot: `rolloutctl candidates <<flag>> --env production` shows who is fit; then take "
    "away\n      the `#` in rollout/<<flag>>.yaml, at the phase and at its gate"
)


_SETTINGS: Final = {
    "environments": ("Settings → Environments", "environments"),
    "secrets": ("Settings → Secrets and variables → Actions", "secrets/actions"),
    "actions": ("Settings → Actions → General", "actions"),
    "rules": ("Settings → Rules → Rulesets", "rules"),
}


def _settings(choices: Choices, name: str) -> str:
    """Where to click; a link where the repository's address is known."""
    words, path = _SETTINGS[name]
    return f"[{words}]({choices.page}/settings/{path})" if choices.page else f"*{words}*"


def _global_home(choices: Choices) -> str:
    if choices.variable is None:
        return ""
    values = 'enabled: "1", disabled: "0", targets: [production]'
    return (
        f"deploy_env: {{variable: {scalar(choices.variable)}, {values}}}\n"
        "global: false # true: on for everyone through the deploy environment\n"
    )


def _pilot_phase(choices: Choices) -> str:
    line = "  - {{name: pilot, merchants: [{}], gate: pilot}}\n"
    if choices.pilot:
        return line.format(", ".join(map(scalar, choices.pilot)))
    return (
        f"  # Begin with a merchant that you know: rolloutctl candidates {choices.flag} shows who "
        "is fit.\n  # Put its id into this line, and take away the # here and at the gate below.\n"
        "  # " + line.format("ID").lstrip()
    )


def _pilot_gate(choices: Choices) -> str:
    gate = _template("pilot_gate.yaml")
    if choices.pilot:
        return f"{gate}\n"
    first, *rest = gate.splitlines(keepends=True)
    return first + "".join(f"  # {line[2:]}" for line in rest) + "\n"


def _production(choices: Choices) -> dict[str, str]:
    vercel = choices.vercel
    lines = (
        ""
        if vercel is None
        else "deploy_env:\n  adapter: vercel\n  options:\n"
        f"    project: {scalar(vercel.project)}\n    team_slug: {scalar(vercel.team)}\n"
        "    token: VERCEL_TOKEN # the variable that holds it\n"
    )
    return {"database": _database(choices), "deploy_env": lines}


def _database(choices: Choices) -> str:
    names = choices.names
    lines = [f"  schema: {_SCHEMA}\n"]
    if names.schema != "public":
        lines.append(f"  app_schema: {scalar(names.schema)}\n")
    if names.tables:
        lines.append("  tables:\n")
        lines += [f"    {key}: {scalar(name)}\n" for key, name in names.tables.items()]
    return "".join(lines)


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = _template(name)
    for key, value in words.items():
        text = text.replace(f"<<{key}>>", value)
    return text


def _template(name: str) -> str:
    path = resources("controller.starting").joinpath("files", *name.split("/"))
    return path.read_text(encoding="utf-8")
