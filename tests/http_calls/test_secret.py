import base64
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.http_calls.secret import Redactor, Secret

TOKEN = "vcp_8sKq2Lm9Xw4Tz7Rb1Nc6"

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "half": lambda text: text[6:16],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of a header": lambda text: base64.b64encode(f"Bearer {text}".encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"x{text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "percent": lambda text: "".join(f"%{ord(c):02X}" for c in text),
    "query": urllib.parse.quote_plus,
    "html": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "json": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "escaped": lambda text: "".join(f"\\x{ord(c):02x}" for c in text),
    "zero width": "\u200b".join,
    "broken over lines": lambda text: text[:9] + "\r\n" + text[9:],
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_that_shows_the_secret_is_withheld(encoding: str) -> None:
    shown = Redactor([Secret(TOKEN)]).quote(f"invalid token {ENCODINGS[encoding](TOKEN)} given")
    assert shown == "(text withheld: it may hold a secret)"


@pytest.mark.parametrize("text", ["A variable exists already", "", html.escape("<b>no</b>")])
def test_other_text_is_quoted(text: str) -> None:
    assert Redactor([Secret(TOKEN)]).quote(text) == text


@given(st.text())
def test_what_is_quoted_is_one_short_printable_line(text: str) -> None:
    shown = Redactor([Secret(TOKEN)]).quote(text)
    assert shown.isprintable()
    assert len(shown) <= 200
    shown.encode()


def test_hostile_text_loses_its_controls() -> None:
    shown = Redactor([]).quote("\x1b[2J\x07::error::x\n\u202egnp\0 \ud800")
    assert shown == "[2J ::error::x gnp"


@pytest.mark.parametrize("secret", ["", "x", "short"])
def test_short_secrets_are_found_too(secret: str) -> None:
    redactor = Redactor([Secret(secret)])
    withheld = "withheld" in redactor.quote(f"the value is {secret}")
    assert withheld == bool(secret)


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(TOKEN)
    assert TOKEN not in f"{secret} {secret!r} {[secret]} {secret!s:>30}"
    assert secret.reveal() == TOKEN
    with pytest.raises(TypeError):
        json.dumps(secret)
