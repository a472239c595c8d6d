"""The port to a deploy environment: variables, and the deployment that carries them to the app.

Adapters are found through the entry point group `rolloutctl.deploy_env`; a company publishes its
own without a fork. One contract suite (`controller.testing.deploy_env_contract`) runs against every
adapter and its fake.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol, Self

from controller.domain.deploy import DeployChange, Deployment, DeployState


class DeployEnv(Protocol):
    """A deploy environment such as Vercel, or a dotenv file."""

    @classmethod
    def from_options(
        cls, options: Mapping[str, str], secrets: Mapping[str, str], root: Path
    ) -> Self:
        """Make the adapter. Nothing outside this process is asked yet.

        Args:
            options: The environment file's options. Where one names a secret, it names a variable.
            secrets: The process's environment variables.
            root: The folder of the repository; a relative path in an option starts there.

        Raises:
            UsageError: An option is missing, unknown or malformed, or a variable that holds a
                secret is not set.
        """

    def read(self, wanted: Mapping[str, Collection[str]]) -> DeployState:
        """What is stored for these variables, and which deployment is live.

        Args:
            wanted: The targets that each variable is managed for, by the variable's name. Other
                targets that a stored variable covers are shown too: it is then not ours alone.

        Raises:
            DeployEnvUnreachable: It did not answer, or not with something that can be trusted to
                be complete.
            Refused: What is stored is ambiguous or broken; a person must mend it. It never reads
                as empty.
            UsageError: It has no target of such a name.
        """

    def write(self, change: DeployChange) -> None:
        """Create or update one variable for one target, and read it back. Done already is done.

        Args:
            change: The step. Its `managed` says how far a stored variable that covers several
                targets may be changed.

        Raises:
            DeployEnvUnreachable: It could not be written or read back; whether it was written is
                unknown.
            Refused: It must not or cannot be written (conflict, unreadable, not permitted, not
                ours alone).
        """

    def redeploy(self) -> Deployment:
        """Start a new production deployment of what is live: written variables reach the app so.

        Where there are no deployments it does nothing, and there is nothing to wait for.
        A deployment that is already on its way and carries what was written is returned instead
        of a second one. Call `read` first: it tells what has to be carried.

        Raises:
            DeployEnvUnreachable: It could not be started.
            PartlyApplied: Somebody else deploys here; their next deployment carries the variables.
            Refused: There is nothing to redeploy, or it may not be.
        """

    def wait_until_live(self, deployment: Deployment, timeout: timedelta | None = None) -> None:
        """Wait until the deployment is ready and carries the production alias.

        Args:
            deployment: What `redeploy` returned.
            timeout: How long; None for the adapter's own option.

        Raises:
            PartlyApplied: It failed, was cancelled, or is not live in time.
            DeployEnvUnreachable: Its state cannot be read.
        """

    def verify(self, expected: Mapping[str, str]) -> None:
        """Check, as far out as this adapter can see, that production runs with these values.

        Args:
            expected: The value that production should have, by the variable's name.

        Raises:
            PartlyApplied: A variable holds another value, or the live app does not have it yet.
            DeployEnvUnreachable: It could not be asked.
        """

    def close(self) -> None:
        """Release connections."""
