"""Become the server: give up root, ask to end with the parent, then turn into `postgres`.

A script of its own because this must happen after the fork and after root was given up (the kernel
forgets the request when the user changes), and because Python forbids running code between fork and
exec where there are threads. It is run as `python -I -S _postgres_child.py PARENT_PID UID GID
PROGRAM ARGUMENT...`; UID and GID are -1 where the user stays. Not imported by anything.
"""

import contextlib
import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def _become_server(parent: int, uid: int, gid: int, command: list[str]) -> None:
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.chdir("/")
    if libc is not None and parent:
        libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT))
        if os.getppid() != parent:
            return  # the parent died before the request was made
    os.execv(command[0], command)  # noqa: S606 -- becoming the server is the purpose


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        _become_server(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
