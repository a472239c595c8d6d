import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from controller.deploy_env.dotenv import DotenvDeployEnv
from controller.domain.deploy import Deployment, Readability
from controller.errors import PartlyApplied, Refused, UsageError
from controller.testing.deploy_env_contract import NAME, change

TARGETS = ("development", "production")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.fixture
def env(tmp_path: Path) -> DotenvDeployEnv:
    return DotenvDeployEnv(".env", tmp_path)


def test_every_other_byte_of_the_file_stays(env: DotenvDeployEnv, file: Path) -> None:
    before = (
        b"\xef\xbb\xbf# ours\r\n\r\nA = 'x' # \xe2\x9c\x93\r\nSEQUENTIAL_WORKFLOW='0' # off\r\nB=2"
    )
    file.write_bytes(before)
    env.write(change("production", "1", TARGETS))
    assert file.read_bytes() == before.replace(b"'0'", b"'1'")


def test_writing_what_is_there_does_not_touch_the_file(env: DotenvDeployEnv, file: Path) -> None:
    file.write_text(f"{NAME}=1\n")
    before = file.stat()
    env.write(change("production", "1", TARGETS))
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_one_file_serves_every_target(env: DotenvDeployEnv, file: Path) -> None:
    file.write_text(f"{NAME}=1\n")
    (variable,) = env.read({NAME: TARGETS}).variables
    assert variable.targets == set(TARGETS)


def test_a_placeholder_makes_a_file_for_each_target(tmp_path: Path) -> None:
    env = DotenvDeployEnv("deploy/{target}.env", tmp_path)
    (tmp_path / "deploy").mkdir()
    env.write(change("production", "1", TARGETS))
    assert [found.name for found in (tmp_path / "deploy").iterdir()] == ["production.env"]
    (variable,) = env.read({NAME: TARGETS}).variables
    assert variable.targets == {"production"}


def test_it_needs_no_redeploy(env: DotenvDeployEnv) -> None:
    state = env.read({NAME: TARGETS})
    assert (state.needs_redeploy, state.deployment) == (False, None)
    env.wait_until_live(Deployment("any", datetime.now(UTC)))


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_mode_of_the_file_stays(env: DotenvDeployEnv, file: Path, mode: int) -> None:
    file.write_text("")
    file.chmod(mode)
    env.write(change("production", "1", TARGETS))
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_the_owner_of_the_file_stays(env: DotenvDeployEnv, file: Path) -> None:
    file.write_text("")
    os.chown(file, 65_534, 65_534)
    env.write(change("production", "1", TARGETS))
    assert (file.stat().st_uid, file.stat().st_gid) == (65_534, 65_534)


def test_nothing_is_left_beside_the_file(env: DotenvDeployEnv, tmp_path: Path) -> None:
    env.write(change("production", "1", TARGETS))
    assert [found.name for found in tmp_path.iterdir()] == [".env"]


def test_a_missing_folder_is_not_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    for path in ("missing/.env", "plain/.env"):
        env = DotenvDeployEnv(path, tmp_path)
        with pytest.raises(Refused, match="folder does not exist"):
            env.read({NAME: TARGETS})
        with pytest.raises(Refused, match="folder does not exist"):
            env.write(change("production", "1", TARGETS))
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"A=1\nB=\xff\n", "line 2: the file is not UTF-8"),
        (b"A=1\nB=\0\n", "line 2: there is a NUL"),
        (b"A=1\nB='x\n", "line 2 opens a quote"),
        (f"{NAME}=1\n#\n{NAME}=0\n".encode(), "more than once, in the lines 1 and 3"),
        (b"#" * 2_000_000, "larger than 1 MiB"),
    ],
)
def test_an_unreadable_file_is_not_an_empty_one(
    env: DotenvDeployEnv, file: Path, content: bytes, said: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(Refused, match=said):
        env.read({NAME: TARGETS})
    with pytest.raises(Refused, match=said) as caught:
        env.write(change("production", "1", TARGETS))
    assert caught.value.hint
    assert file.read_bytes() == content


def test_another_variable_that_is_set_twice_is_nobodys_business(
    env: DotenvDeployEnv, file: Path
) -> None:
    file.write_text("A=1\nA=2\n")
    env.write(change("production", "1", TARGETS))
    assert file.read_text() == f"A=1\nA=2\n{NAME}=1\n"


def test_a_disputed_value_is_unreadable_and_stays(env: DotenvDeployEnv, file: Path) -> None:
    file.write_text(f"{NAME}=$OTHER\n")
    (variable,) = env.read({NAME: TARGETS}).variables
    assert (variable.value, variable.readability) == (None, Readability.UNREADABLE)
    assert variable.hint == f"write it as {NAME}=value by hand, in line 1 of {file}"
    with pytest.raises(Refused, match="line 1"):
        env.write(change("production", "1", TARGETS))
    assert file.read_text() == f"{NAME}=$OTHER\n"


def test_only_a_plain_file_is_written(env: DotenvDeployEnv, file: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("")
    file.symlink_to(real)
    with pytest.raises(Refused, match="symbolic link"):
        env.write(change("production", "1", TARGETS))
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(Refused, match="not a plain file"):
        env.read({NAME: TARGETS})
    file.unlink()
    file.mkdir()
    with pytest.raises(Refused, match="not a plain file"):
        env.read({NAME: TARGETS})
    assert real.read_text() == ""


@pytest.mark.parametrize("target", ["../production", "a/b", "", ".", "a b"])
def test_a_target_is_never_a_path(tmp_path: Path, target: str) -> None:
    with pytest.raises(UsageError):
        DotenvDeployEnv("{target}.env", tmp_path).read({NAME: (target,)})


@pytest.mark.parametrize("name", ["A B", "A=1\nB", "", "1A", "Ä"])
def test_a_name_is_never_a_line(env: DotenvDeployEnv, name: str) -> None:
    with pytest.raises(UsageError):
        env.write(change("production", "1", TARGETS, name))


@pytest.mark.parametrize("path", ["{stage}.env", "{target", "a\nb", "a\0b"])
def test_a_malformed_path_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError):
        DotenvDeployEnv.from_options({"path": path}, {}, tmp_path)


def test_a_path_is_needed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="`path`"):
        DotenvDeployEnv.from_options({}, {}, tmp_path)


def test_verify_names_what_is_wrong(env: DotenvDeployEnv, file: Path) -> None:
    file.write_text(f"{NAME}=0\nB=1\n")
    with pytest.raises(PartlyApplied, match=f"desired value of {NAME}$"):
        env.verify({NAME: "1", "B": "1"})


def test_writers_at_the_same_time_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """Each writes its own variable; what one wrote is never undone by another."""
    script = (
        "import sys; from pathlib import Path;"
        "from controller.deploy_env.dotenv import DotenvDeployEnv;"
        "from controller.errors import DeployEnvUnreachable;"
        "from controller.testing.deploy_env_contract import change\n"
        "env = DotenvDeployEnv('.env', Path(sys.argv[1]))\n"
        "for number in range(40):\n"
        "    try: env.write(change('production', str(number), ('production',), sys.argv[2]))\n"
        "    except DeployEnvUnreachable: pass\n"
    )
    (tmp_path / ".env").write_text("KEEP='me'\n")
    running = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path, name]) for name in ("A", "B")
    ]
    assert [process.wait() for process in running] == [0, 0]
    lines = (tmp_path / ".env").read_text().splitlines()
    assert lines[0] == "KEEP='me'"
    assert sorted(line.split("=")[0] for line in lines[1:]) == ["A", "B"]
    assert len(list(tmp_path.iterdir())) == 1
