"""How fast rolloutctl is, measured side by side with its limit and with what people do today.

`make bench` runs every benchmark and prints one table. Absolute times belong to the machine; what
counts is the ratio of two things measured in turns in the same minutes, against a goal.
"""
