"""Problems as workflow commands: one line each, whatever the file says."""

from controller.config.loader import examine
from controller.config.sources import from_mapping
from controller.render.annotations import annotations


def test_one_command_a_problem_whatever_the_file_says():
    hostile = 'key: "a\\n::error::b"\n"x\\r\\n::add-mask::y%0A": 1\n'
    examined = examine(
        from_mapping({"flags/a%0A,b:c.yaml": hostile.encode(), "rollout/x.yaml": b"x"})
    )
    lines = annotations(examined.problems).splitlines()
    assert len(lines) == len(examined.problems) > 1
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    assert all(line.count("::error file=") + line.count("::warning file=") == 1 for line in lines)
    assert not any("%0A,b:c" in line.split(",line=")[0] for line in lines)
