"""A headless Chromium, driven over a pipe: no port is opened, and no driver is to be installed.

For pictures, and for tests that must know what a browser makes of a page.
"""

import base64
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

CHROMIUM: Final = Path("/usr/bin/chromium")
"""Where Debian's package puts it."""
_PATIENCE: Final = 60.0
"""Seconds to wait for one answer."""
_CHUNK: Final = 1 << 16
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",  # it cannot have one as root; it only ever sees pages of ours
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)
# Chromium reads from descriptor 3 and writes to 4. They are moved there by a process of their own:
# nothing may be done between fork and exec of one that has threads.
_HAND_OVER: Final = """
import fcntl, os, sys
there, back = (fcntl.fcntl(int(given), fcntl.F_DUPFD, 10) for given in sys.argv[1:3])
os.dup2(there, 3), os.dup2(back, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_KEYS: Final = {"Tab": 9, "Enter": 13, " ": 32}


Json: TypeAlias = Any
"""Whatever the protocol, or a page, has to say."""


class BrowserError(Exception):
    """Chromium refused something, or does not answer."""


@dataclass(slots=True)
class Browser:
    """One Chromium, spoken to in its DevTools protocol."""

    _write: int
    _read: int
    _number: int = 0
    _rest: bytes = b""
    _events: list[dict[str, Json]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def start(cls, chromium: Path = CHROMIUM) -> Iterator[Self]:
        """A browser with a profile of its own; both are gone in the end."""
        there, write = os.pipe()
        read, back = os.pipe()
        with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
            hand_over = [sys.executable, "-c", _HAND_OVER, str(there), str(back)]
            process = subprocess.Popen(  # noqa: S603 -- a browser, and a folder of ours
                [*hand_over, str(chromium), *_FLAGS, f"--user-data-dir={folder}/profile"],
                env={**os.environ, "HOME": folder},
                pass_fds=(there, back),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            os.close(there)
            os.close(back)
            try:
                yield cls(write, read)
            finally:
                os.close(write)  # which ends it
                os.close(read)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def open(self, address: str, width: int, height: int = 800, *, dark: bool = False) -> "Page":
        """Load a page, and wait for it.

        Args:
            address: A URL, of loopback or of a file; other hosts are not found.
            width: Of the window, in CSS pixels.
            height: As `width`.
            dark: Which colour scheme the reader prefers.
        """
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.resize(width, height)
        page.prefer(dark=dark)
        page.go(address)
        return page

    def call(self, method: str, session: str | None = None, **params: Json) -> dict[str, Json]:
        """Ask for something, as the protocol names it.

        Raises:
            BrowserError: It was refused, or there was no answer.
        """
        self._number += 1
        asked: dict[str, Json] = {"id": self._number, "method": method, "params": params}
        if session is not None:
            asked["sessionId"] = session
        self._send(json.dumps(asked).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._events.append(answer)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        found: dict[str, Json] = answer["result"]
        return found

    def wait_for(self, event: str, session: str) -> None:
        """Wait until this happens; what has happened and was not waited for counts."""
        for known in self._events:
            if (known["method"], known.get("sessionId")) == (event, session):
                self._events.remove(known)
                return
        while True:
            found = self._next()
            if (found.get("method"), found.get("sessionId")) == (event, session):
                return
            self._events.append(found)

    def told(self, session: str, event: str) -> list[dict[str, Json]]:
        """What was told by events of this name so far."""
        self.call("Browser.getVersion")  # whatever was under way is here before its answer
        return [
            known["params"]
            for known in self._events
            if (known["method"], known.get("sessionId")) == (event, session)
        ]

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._write, data) :]

    def _next(self) -> dict[str, Json]:
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], _PATIENCE)[0]:
                raise BrowserError("Chromium does not answer")
            chunk = os.read(self._read, _CHUNK)
            if not chunk:
                raise BrowserError("Chromium has ended")
            self._rest += chunk
        one, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Json] = json.loads(one)
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """One page in a browser."""

    browser: Browser
    session: str

    def call(self, method: str, **params: Json) -> dict[str, Json]:
        """Ask for something about this page."""
        return self.browser.call(method, self.session, **params)

    def go(self, address: str) -> None:
        """Load another address, and wait for it.

        Raises:
            BrowserError: It cannot be loaded.
        """
        problem = self.call("Page.navigate", url=address).get("errorText")
        if problem:
            raise BrowserError(f"{address}: {problem}")
        self.loaded()

    def loaded(self) -> None:
        """Wait for the next load to be done."""
        self.browser.wait_for("Page.loadEventFired", self.session)

    def resize(self, width: int, height: int = 800) -> None:
        """Give the window another size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def prefer(self, *, dark: bool, media: str = "screen") -> None:
        """Choose the colour scheme that the reader prefers, and the medium."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def evaluate(self, expression: str) -> Json:
        """What an expression of JavaScript gives, also one that gives it later.

        Raises:
            BrowserError: It fails.
        """
        found = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in found:
            thrown = found["exceptionDetails"]
            raise BrowserError(thrown.get("exception", {}).get("description", thrown["text"]))
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key, and let go of it."""
        code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def picture(self, *, whole: bool = True) -> bytes:
        """What it looks like, as PNG: all of it, or what is in the window."""
        clip = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"clip": {**size, "scale": 1}}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole, **clip)
        return base64.b64decode(shot["data"])

    def printed(self) -> bytes:
        """What a printer would get, as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])

    @property
    def complaints(self) -> list[str]:
        """What the browser has to say against the page: errors, refusals, warnings."""
        logged = [one["entry"]["text"] for one in self.browser.told(self.session, "Log.entryAdded")]
        thrown = self.browser.told(self.session, "Runtime.exceptionThrown")
        said = self.browser.told(self.session, "Runtime.consoleAPICalled")
        return logged + [json.dumps(one) for one in (*thrown, *said)]

    @property
    def requests(self) -> list[str]:
        """Every address that it has asked for, its own included."""
        told = self.browser.told(self.session, "Network.requestWillBeSent")
        return [one["request"]["url"] for one in told]
