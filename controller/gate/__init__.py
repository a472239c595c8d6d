"""The gate: from counts and a reviewed policy to a verdict.

Pure: no file, socket, clock or environment variable is read here. `counts.py` is what comes in,
`judge.py` reads like the order of evaluation, `report.py` is what goes out, `statistics.py` is the
mathematics.
"""
