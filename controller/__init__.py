"""rolloutctl: a GitOps rollout controller.

Reviewed YAML says which merchants should have which feature; this package makes the app's database
and its deploy environment match, and refuses what is unsafe. `controller/reconcile.py` reads like
the whole way of a change; `docs/architecture.md` says where everything lives and why.
"""

__version__ = "0.1.0"
