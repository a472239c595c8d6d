"""The words of the design and the decisions made with them.

Everything here is pure: plain frozen values in, values out. No file, socket, clock or environment
variable is read. What the rest of the program gathers comes in as arguments; what it should do goes
out as a `Plan`.
"""
