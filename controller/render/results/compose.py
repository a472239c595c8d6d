"""The whole results document, in the order in which it is read."""

from controller.inquiry.report import Results
from controller.render.results import (
    details,
    findings,
    issues,
    matrix,
    metrics,
    performance,
    quality,
    recommendation,
    sources,
)
from controller.render.results.document import Document


def compose(found: Results) -> Document:
    """Everything that the document asks for, filled in or said to be missing.

    The recommendation comes first: who reads one section only reads that one.
    """
    return Document(
        title=f"Test results: {found.flag}, phase {found.phase}, {found.environment}",
        sections=(
            recommendation.section(found),
            details.section(found),
            findings.section(found),
            performance.section(found),
            quality.section(found),
            issues.section(found),
            metrics.section(found),
            matrix.section(found),
            sources.history(found),
            sources.section(found),
        ),
    )
