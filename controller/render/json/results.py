"""The results document for machines: the report as it was stored, and every blank with its text."""

from typing import Any, Final

from controller.gate.evidence import policy_digest
from controller.inquiry.judged import Judged
from controller.inquiry.report import Results
from controller.render.json import gate as as_gate
from controller.render.json import halt, instant
from controller.render.json.history import run
from controller.render.results.compose import compose
from controller.render.results.document import Block, Bullets, Facts, Row, Section, Table, Text

FORMAT: Final = "rolloutctl-report/1"


def results(found: Results) -> dict[str, Any]:
    """Everything in the document, and what it is made of."""
    document = compose(found)
    evidence = found.evidence
    return {
        "format": FORMAT,
        "title": document.title,
        "environment": found.environment,
        "flag": found.flag,
        "phase": found.phase,
        "is_present_phase": found.is_present,
        "to": found.following,
        "now": instant(found.now),
        "since": instant(found.since),
        "entered": run(found.entered) if found.entered else None,
        "halted": halt(found.halt),
        "events": [run(event) for event in found.events],
        "merchants": [
            {"id": merchant, "shop_domain": domain} for merchant, domain in found.named.items()
        ],
        "verdict": found.deciding.verdict if found.deciding else None,
        "gate": as_gate.gate(evidence.report, exit_code=0, following=found.following)
        if evidence
        else None,
        "same_decision": found.recomputed.same_decision if found.recomputed else None,
        "judgements": [_judgement(judged) for judged in found.judged],
        "judgements_of_earlier_stays": found.earlier,
        "sections": [_section(section) for section in document.sections],
    }


def _judgement(judged: Judged) -> dict[str, Any]:
    evidence = judged.evidence
    return {
        "id": judged.id,
        "phase": judged.phase,
        "verdict": judged.verdict,
        "judged_at": instant(judged.judged_at),
        "revision": judged.revision,
        "actor": judged.actor,
        "policy": policy_digest(evidence.policy) if evidence else None,
        "problem": judged.problem or None,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Text():
            return {"kind": "text", "text": block.text}
        case Bullets():
            return {"kind": "list", "title": block.title, "items": list(block.items)}
        case Facts():
            facts = [
                {"label": fact.label, "text": fact.text, "evidence": list(fact.marks)}
                for fact in block.facts
            ]
            return {"kind": "facts", "title": block.title, "facts": facts}
        case Table():
            rows = [_row(row) for row in block.rows]
            return {"kind": "table", "title": block.title, "heads": list(block.heads), "rows": rows}


def _row(row: Row) -> dict[str, Any]:
    return {"cells": list(row.cells), "applies": row.applies, "evidence": list(row.marks)}
