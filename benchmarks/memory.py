"""Run rolloutctl with the arguments given, and print its peak memory in MiB at last.

A process of its own, because the peak of a process is never forgotten.
"""

import resource
import sys
from pathlib import Path

from controller.cli import run

_STATUS = Path("/proc/self/status")


def peak_mib() -> float:
    """The most memory that this process ever held."""
    if _STATUS.exists():  # unlike getrusage, it forgets what the parent held before the exec
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    bytes_a_unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * bytes_a_unit / 2**20


if __name__ == "__main__":
    code = run()
    print(f"\n{peak_mib():.1f}")
    sys.exit(code)
