"""`rollout/waivers/NAME.yaml`: a reviewed, expiring exception to one criterion of one gate."""

from pydantic import Field

from controller.config.fields import (
    FileModel,
    FlagKey,
    LastDay,
    MeasureName,
    PhaseName,
    Sentence,
    Who,
)
from controller.domain.gate_policy import Waiver


class WaiverFile(FileModel):
    """A waiver, shown on every report until it expires.

    What a gate lists in `never` cannot be waived.
    """

    flag: FlagKey = Field(description="The flag whose rollout it is about.")
    phase: PhaseName = Field(description="The phase that may be left although its gate objects.")
    criterion: MeasureName = Field(
        description="What is let pass: a measure of the gate, `duration` or `worst_merchant`."
    )
    reason: Sentence = Field(description="Why this is acceptable.")
    approved_by: Who = Field(description="The person or team that answers for it.")
    expires: LastDay = Field(description="The last day, in UTC, on which it counts.")


def to_waiver(file: WaiverFile) -> Waiver:
    """The domain's value."""
    return Waiver(
        file.flag, file.phase, file.criterion, file.reason, file.approved_by, file.expires
    )
