"""The gate: from counts and a reviewed policy to a verdict. Pure; the mathematics is in `statistics.py`."""
