"""No command shows a secret, whatever goes wrong and whoever repeats it.

Searched are standard output and error, also with ROLLOUTCTL_DEBUG, the step summary and outputs of
a job, and whatever is sent to a forge; for each secret in every spelling of `echoing.spellings`.
The defences: `http_calls.secret.Redactor` (without it the echoing APIs' texts are quoted),
`merchant_store.database_url` and `domain.connection_string` (without them a password is repeated,
or the part of it for which a torn address has another use), and messages of our own everywhere
else. Each was taken out once, and these tests failed.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from controller.cli.registry import COMMANDS
from tests.attacks.echoing import echoing_api, echoing_postgres, spellings
from tests.cli.desk import FLAG, Desk

PASSWORD = 'pW7!xQ2"zK9/vB4\\mN6+rT'
TOKEN = "tok_Zk81mQpv7RxW40aLd2Yh"
ENCODED = quote(PASSWORD, safe="")
PARTS = ('pW7!xQ2"zK9', "vB4\\mN6+rT")
"""What is left and right of its slash: where it was not encoded, an address is torn there."""

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "check": ("--base", "HEAD~1"),
    "gate": (FLAG,),
    "promote": (FLAG, "--open-pr"),
    "rollback": (FLAG, "--open-pr"),
    "candidates": (FLAG,),
    "analyze": ("a-run",),
    "report": (FLAG,),
    "monitor": (FLAG, "--until", "1s"),
    "dashboard": ("--ask", "--out", "{folder}"),
    "explain": ("m01",),
    "adopt": (FLAG,),
    "halt": (FLAG, "--reason", "a test"),
    "resume": (FLAG, "--reason", "a test"),
    "export": ("flagd",),
}
OFFLINE = {"init", "schema", "demo"}
"""They ask nobody whose address or token they were given."""

TRIED = COMMANDS.keys() - OFFLINE
ASK_A_DATABASE = sorted(TRIED - {"promote", "rollback", "recheck", "validate"})
ASK_A_FORGE = ("check", "promote", "rollback", "recheck", "doctor")
ASK_A_DEPLOY_ENVIRONMENT = (
    "plan", "reconcile", "status", "drift", "explain", "doctor", "halt", "dashboard",
)  # fmt: skip
ASK_WORKFLOW_DATA = (
    "gate", "check", "guard", "candidates", "analyze", "doctor", "monitor", "dashboard",
)  # fmt: skip
NOWHERE = "postgresql://app@127.0.0.1:1/app"


@pytest.fixture
def shown(desk: Desk, tmp_path: Path) -> Iterator["Shown"]:
    """A desk in a job; at the end, everything that anybody can see is searched."""
    shown = Shown(desk, tmp_path)
    yield shown
    shown.search()


class Shown:
    """Runs commands, and remembers everything that can be seen of them."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.seen: list[str] = []
        self._page = folder / "page"
        self._files = [folder / "summary.md", folder / "outputs", self._page / "index.html"]
        desk.git("config", "user.name", "Ada")
        desk.git("config", "user.email", "ada@example.com")
        desk.promote("pilot", "10%")
        desk.variables.update(
            {
                "VERCEL_TOKEN": TOKEN,
                "GITHUB_STEP_SUMMARY": str(self._files[0]),
                "GITHUB_OUTPUT": str(self._files[1]),
                "ROLLOUTCTL_DEBUG": "1",
            }
        )

    def with_forge(self, url: str) -> None:
        """Let commands know of a forge."""
        job = {"GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": url}
        self.desk.variables.update(job)

    def run(self, command: str, *more: str) -> int:
        """Run a command; its exit code."""
        given = (text.format(folder=self._page) for text in ARGUMENTS.get(command, ()))
        done = self.desk.run(command, *given, *more)
        self.seen.append(f"$ {command}\n{done.out}\n{done.err}")
        return done.code

    def search(self) -> None:
        """Look for every secret in everything."""
        told = [*self.seen, *(f.read_text(encoding="utf-8") for f in self._files if f.exists())]
        for secret in (PASSWORD, *PARTS, TOKEN):
            for name, spelling in spellings(secret).items():
                found = [text for text in told if spelling in text]
                assert not found, f"{name}: {found[0]}"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://app:{ENCODED}@127.0.0.1:1/app",
        f"postgresql://app:{ENCODED}@127.0.0.1:{ENCODED}/app",
        f"postgresql://app:{ENCODED}@[127.0.0.1/app",
        f"postgresql://app:{ENCODED}@127.0.0.1:1/app?{ENCODED}=1",
        f"postgresql://app@127.0.0.1:1/app?password={ENCODED}&sslmode=disable",
        f"postgresql://app:{PASSWORD.replace('/', '@')}@127.0.0.1:1/app",
        f"postgresql://app:{PASSWORD}@127.0.0.1:1/app",
        f"mysql://app:{ENCODED}@127.0.0.1:1/app",
        f"host=127.0.0.1 port=1 password='{PASSWORD}",
        ENCODED,
    ],
    ids=[
        "down",
        "port",
        "host",
        "option",
        "query",
        "at",
        "unescaped",
        "engine",
        "quote",
        "nonsense",
    ],
)
def test_the_database_cannot_be_reached(shown: Shown, address: str):
    shown.desk.variables["DATABASE_URL"] = address
    for command in ASK_A_DATABASE:
        shown.run(command)
    assert any("error: " in text for text in shown.seen)


def test_the_database_repeats_the_password(shown: Shown):
    with echoing_postgres(PASSWORD) as port:
        shown.desk.variables["DATABASE_URL"] = f"postgresql://app:{ENCODED}@127.0.0.1:{port}/app"
        for command in ASK_A_DATABASE:
            shown.run(command)
    assert any("is wrong" in text for text in shown.seen), "it was heard"


@pytest.mark.parametrize(
    "address",
    [
        f"trino://app:{ENCODED}@127.0.0.1:1/app",
        f"sqlite:///{ENCODED}/nowhere",
        f"nonsense+driver://app:{ENCODED}@127.0.0.1/app",
        f"postgresql+nonsense://app:{ENCODED}@127.0.0.1:1/app",
        f"postgresql://app:{ENCODED}@127.0.0.1:1/app",
        f"mysql://app:{ENCODED}@[127.0.0.1/app",
        f"duckdb://app:{ENCODED}@127.0.0.1:{ENCODED}/app",
        ENCODED,
    ],
)
def test_the_workflow_data_cannot_be_reached(shown: Shown, address: str):
    assert shown.run("reconcile", "--allow", "skips_phase", "--reason", "a test") in {0, 3, 4, 13}
    shown.desk.variables["WORKFLOW_DATABASE_URL"] = address
    for command in (
        "gate",
        "check",
        "guard",
        "candidates",
        "analyze",
        "doctor",
        "monitor",
        "dashboard",
    ):
        shown.run(command)


@pytest.mark.parametrize("status", [401, 403, 422, 200])
@pytest.mark.parametrize(
    "spelling", ["plain", "percent-encoded", "base64 at 0", "JSON escapes", "JSON in JSON"]
)
def test_an_api_repeats_the_token(shown: Shown, status: int, spelling: str):
    environment = "rollout/environments/test.yaml"
    with echoing_api(status, TOKEN, spelling) as (url, heard):
        shown.with_forge(url)
        shown.desk.edit(
            environment,
            "  adapter: dotenv\n  options: {path: app.env}\n",
            f'  adapter: vercel\n  options: {{project: shop, team_id: team_1, api_url: "{url}"}}\n',
        )
        shown.desk.commit("to Vercel")
        for command in ASK_A_DEPLOY_ENVIRONMENT:
            shown.run(command)
        shown.run("check", "--report", "--pull-request", "1")
        shown.run("recheck")
        shown.seen += heard
    assert heard


@pytest.mark.parametrize("url", ["http://127.0.0.1:port", f"https://{TOKEN}@[::", "ftp://x", TOKEN])
def test_an_address_is_malformed(shown: Shown, url: str):
    shown.with_forge(url)
    for command in ASK_A_FORGE:
        shown.run(command)


def test_a_remote_with_a_token_in_its_address(shown: Shown):
    """Git hides it in most of what it says when it fails, `source_control.command` in the rest."""
    with echoing_api(401, TOKEN, "plain") as (url, _):
        shown.with_forge(url)
        shown.desk.git("remote", "add", "origin", f"{url.replace('//', f'//x:{TOKEN}@')}/shop.git")
        for command in ("promote", "rollback"):
            assert shown.run(command) != 0
        assert shown.run("stale", "--open-pr", "--code", str(shown.desk.root)) != 0
