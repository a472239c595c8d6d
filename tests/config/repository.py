"""A small repository in memory that has one of everything and no problem, and ways to spoil it."""

from collections.abc import Mapping
from datetime import date

from controller.config.loader import Examined, examine
from controller.config.sources import from_mapping

TODAY = date(2026, 11, 23)

FLAG = """\
key: checkout
description: A new checkout.
owner: "@acme/orders"
expires: 2027-06-30
merchant_config: {column: enableCheckout}
deploy_env: {variable: CHECKOUT, enabled: "1", disabled: "0", targets: [production]}
global: false
overrides:
  - {merchant: clx001, value: true, reason: asked for it, expires: 2026-12-31}
  - {merchant: clx002, value: false, reason: custom integration}
"""
SWITCH = """\
key: banner
description: A permanent switch.
owner: "@acme/web"
deploy_env: {variable: BANNER}
"""
ROLLOUT = """\
flag: checkout
phase: {demo: 10%, production: off}
bucketing: {salt: checkout, version: 1}
eligible: {min_merchant_age: 30d, exclude: [clx009]}
phases:
  - {name: pilot, merchants: [clx007, clx008], gate: smoke}
  - {name: 10%, percent: 10, soak: 2d, gate: ramp}
  - {name: 100%, percent: 100}
gates:
  smoke:
    method: deterministic
    require: [shopify_synced, margin_kept]
"""
GATE = """\
method: sequential
soak_min: 24h
criteria:
  completed: {target: 95%, floor: 85%}
  on_time: {within: 10m, target: 95%, floor: 85%}
  faster_than_baseline: {ratio: 0.5, target: 50%, floor: 50%, mode: inform}
worst_merchant: {criterion: completed, fix_minor_below: 70%}
"""
DEMO = """\
name: demo
database: {schema: managed}
deploy_env: {adapter: dotenv, options: {path: .env.demo}}
workflow_data:
  measures:
    margin_kept: {sql: "SELECT run_id, margin > 0 FROM margins"}
"""
PRODUCTION = """\
name: production
deploy_env:
  adapter: vercel
  options: {project: shop, team_id: team_1}
workflow_data:
  completed: [completed]
  failed: [failed]
  measures:
    margin_kept: {sql: "SELECT run_id, margin > 0 FROM margins"}
freezes:
  - {starts: 2026-12-20T00:00:00Z, ends: 2027-01-03T00:00:00+01:00, reason: the busiest weeks}
allow:
  - guardrail: soak_not_over
    flag: checkout
    reason: tested
    approved_by: ann
    expires: 2026-12-01
"""
WAIVER = """\
flag: checkout
phase: pilot
criterion: shopify_synced
reason: the shop's API is down
approved_by: ann
expires: 2026-12-01
"""
RULE = """\
{
  "x-applies-to": ["flags"],
  "description": "The owner is a team.",
  "properties": {"owner": {"pattern": "^@"}}
}
"""

VALID: Mapping[str, str] = {
    "flags/checkout.yaml": FLAG,
    "flags/banner.yaml": SWITCH,
    "rollout/checkout.yaml": ROLLOUT,
    "rollout/gates/ramp.yaml": GATE,
    "rollout/environments/demo.yaml": DEMO,
    "rollout/environments/production.yaml": PRODUCTION,
    "rollout/waivers/shop-down.yaml": WAIVER,
    "rollout/rules/owner.json": RULE,
}

Change = str | bytes | tuple[str, str] | None
"""A whole new content, an old part and a new one, or None to remove the file."""


def spoiled(changes: Mapping[str, Change]) -> dict[str, bytes]:
    """The valid repository with some files changed."""
    files = {name: text.encode() for name, text in VALID.items()}
    for name, change in changes.items():
        if change is None:
            del files[name]
        elif isinstance(change, tuple):
            old, new = change
            assert old.encode() in files[name], f"{old} is not in {name}"
            files[name] = files[name].replace(old.encode(), new.encode(), 1)
        else:
            files[name] = change if isinstance(change, bytes) else change.encode()
    return files


def look(changes: Mapping[str, Change] | None = None, today: date | None = TODAY) -> Examined:
    """Examine the valid repository with some files changed."""
    return examine(from_mapping(spoiled(changes or {})), today)


def codes(changes: Mapping[str, Change]) -> list[str]:
    """The ids of the problems that changes lead to, in the order of places."""
    return [problem.code.id for problem in look(changes).problems]
