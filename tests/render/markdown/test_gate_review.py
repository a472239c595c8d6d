"""Reviews of a gate on a pull request."""

from controller.render.markdown.gate_review import (
    previews_markdown,
    recomputation_markdown,
    replays_markdown,
)
from tests.golden_files import assert_golden
from tests.render import gate_reviews as reviews


def test_what_gates_would_do():
    text = previews_markdown(reviews.PREVIEWS, remarks=("Traffic is that of the last 30 days.",))
    assert_golden("gate/markdown/characteristics.md", text)


def test_what_they_would_have_said():
    assert_golden("gate/markdown/backtest.md", replays_markdown(reviews.REPLAYS))


def test_a_recount():
    assert recomputation_markdown(*reviews.SAME).startswith("**same**")
    assert_golden("gate/markdown/recomputed.md", recomputation_markdown(*reviews.REWORDED))
    assert recomputation_markdown(*reviews.DIFFERENT).startswith("**different**")
