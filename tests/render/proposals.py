"""A proposal to render."""

from controller.source_control.proposal import FileChange, Proposal, State

MADE = Proposal(
    flag="checkout",
    environments=("demo", "production"),
    from_phase="10%",
    to_phase="pilot",
    start="a" * 40,
    branch="rolloutctl/rollback-checkout-demo-10",
    commit="b" * 40,
    files=(FileChange("rollout/checkout.yaml", "phase: 10%\n", "phase: pilot\n"),),
    state=State.CREATED,
    title='Revert "Promote"',
    reverted="c" * 40,
)
