"""Questions to the world, for the commands that only look: gathered here, decided in the domain.

Beside the way of a change. Nothing in it writes anything.
"""
