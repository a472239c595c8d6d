"""Fakes to test with: ours, and those of people who write their own adapters.

They behave like the real thing, over real HTTP on loopback, and fail on demand. Their names are
public and stay.
"""

from controller.testing.clock import FakeClock
from controller.testing.fake_github import FakeGitHub
from controller.testing.fake_vercel import FakeVercel
from controller.testing.faults import Fault, FaultPlan

__all__ = ["FakeClock", "FakeGitHub", "FakeVercel", "Fault", "FaultPlan"]
