"""A believable company to try everything on: a thousand merchants and what happened to them.

Before the way of a change: the demo, the tests and the benchmarks play the app's part with it.

    generation   a fresh company, all on the legacy way
    simulation   some more hours of it, in which merchants that have the feature behave as told
    filling      a million merchants and nothing else, for benchmarks
"""

from controller.demo.company.behaviour import Behaviour
from controller.demo.company.filling import fill
from controller.demo.company.generation import Company, generate
from controller.demo.company.simulation import Simulated, simulate

__all__ = ["Behaviour", "Company", "Simulated", "fill", "generate", "simulate"]
