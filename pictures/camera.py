"""Photograph a page in Chromium, cut to what is on it, as a small PNG."""

import base64
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pictures.browser import Browser
from pictures.png import with_palette

_WIDTH: Final = 1_180
_SHARP: Final = 2
"""Pixels of the picture for one of the page: text is read on good screens, too."""
# The browser decodes its own picture; bytes travel as text, a piece at a time.
_PIXELS: Final = """
(async () => {
  const image = new Image();
  image.src = 'data:image/png;base64,%s';
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data;
  let text = '';
  for (let at = 0; at < data.length; at += 32768)
    text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [image.width, image.height, btoa(text)];
})()
"""


def photograph(browser: Browser, address: str, *, height: int | None = None) -> bytes:
    """A picture of a page.

    Args:
        browser: In which it is opened.
        address: Of the page.
        height: How much of it, from its top; None is all of it.
    """
    page = browser.open(address, _WIDTH)
    box: dict[str, Any] = page.evaluate(
        "(({width, height}) => ({width, height}))(document.body.getBoundingClientRect())"
    )
    size = {"width": box["width"], "height": height or box["height"]}
    clip = {"x": 0, "y": 0, **size, "scale": _SHARP}
    shot = page.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
    blank = browser.open("about:blank", _WIDTH)  # the page itself may forbid to load pictures
    width, high, text = blank.evaluate(_PIXELS % shot["data"])
    return with_palette(_colours(base64.b64decode(text), width, high))


def _colours(data: bytes, width: int, height: int) -> npt.NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8).reshape(height, width, 4)[:, :, :3]
