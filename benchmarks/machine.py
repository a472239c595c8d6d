"""What the figures were measured on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from controller.demo.postgres_binaries import find_binaries

_PACKAGES = ("psycopg", "numpy", "pydantic", "PyYAML", "click", "mmh3")


def facts() -> dict[str, str]:
    """Machine and versions, by name."""
    postgres = subprocess.run(
        [find_binaries().bin / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return {
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "System": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Load before": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "Python": platform.python_version(),
        "PostgreSQL": postgres.stdout.split()[2] + ", embedded, default durability (fsync on)",
        "Packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
