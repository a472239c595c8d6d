from benchmarks.report import listing, table
from benchmarks.result import at_most, faster


def test_the_table_shows_ratio_goal_and_whether_it_is_met():
    shown = table(
        [
            at_most("reading", 0.32, ("bare SELECT", 0.16), 1.7),
            faster("writing", 0.1, ("one by one", 9.0), 25),
            at_most("reading little", 0.01, ("bare SELECT", 0.01), None),
        ]
    )
    lines = shown.splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "| 2 x " in lines[2]
    assert "at most 1.7 x" in lines[2]
    assert "MISSED" in lines[2]
    assert "90 x faster" in lines[3]
    assert "at least 25 x" in lines[3]
    assert "| met " in lines[3]
    assert "goal" not in lines[4]


def test_facts_are_listed():
    assert listing({"System": "Linux", "Cores": "2"}) == "- System: Linux\n- Cores: 2"
