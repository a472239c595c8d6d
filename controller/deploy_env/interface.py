"""The port to a deploy environment: variables, and the deployment that carries them to the app.

Adapters are found through the entry point group `rolloutctl.deploy_env`; a company publishes its own without a
fork. One contract suite (tests/deploy_env/contract.py) runs against every adapter and its fake.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Protocol, Self

from controller.domain.deploy import DeployChange, Deployment, DeployState


class DeployEnv(Protocol):
    """A deploy environment such as Vercel, or a dotenv file."""

    @classmethod
    def from_options(cls, options: Mapping[str, str], secrets: Mapping[str, str]) -> Self:
        """Make the adapter.

        Args:
            options: The environment file's options. Where an option names a secret, it names a variable.
            secrets: The process's environment variables.

        Raises:
            UsageError: An option is missing or unknown, or a variable that holds a secret is not set.
        """

    def read(self, names: Collection[str]) -> DeployState:
        """What is stored for the variables of these names, and which deployment is live.

        Raises:
            DeployEnvUnreachable: It did not answer, or not with something that can be trusted to be complete.
        """

    def write(self, change: DeployChange) -> None:
        """Create or update one variable for one target, and read it back.

        Raises:
            DeployEnvUnreachable: It could not be written or read back; whether it was written is unknown.
            Refused: It answered that it must not or cannot be written (conflict, unreadable, not permitted).
        """

    def redeploy(self) -> Deployment:
        """Start a new production deployment of what is live, so that written variables reach the app.

        Raises:
            DeployEnvUnreachable: It could not be started.
            Refused: There is nothing to redeploy.
        """

    def wait_until_live(self, deployment: Deployment, timeout: timedelta) -> None:
        """Wait until the deployment is ready and carries the production alias.

        Raises:
            PartlyApplied: It failed, was cancelled, or is not live in time.
            DeployEnvUnreachable: Its state cannot be read.
        """

    def close(self) -> None:
        """Release connections."""
