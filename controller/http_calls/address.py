"""Where a secret may be sent."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

_VISIBLE: Final = re.compile(r"[!-~]+")


def is_safe_url(text: str) -> bool:
    """Whether a secret may be sent there: https, or http to this machine itself; no login in it."""
    if not _VISIBLE.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(text))


def is_loopback(url: str) -> bool:
    """Whether the address is this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
