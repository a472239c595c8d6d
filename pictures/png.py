"""Small pictures: a page of text has few colours, and a palette takes a third of the room."""

import struct
import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MOST: Final = 256


def with_palette(pixels: npt.NDArray[np.uint8]) -> bytes:
    """A picture as PNG: its most frequent colours as they are, every other as the nearest of them.

    Args:
        pixels: Red, green and blue, by row and column.
    """
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    colours, indices, counts = np.unique(packed, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts, kind="stable")[:_MOST]]
    nearest = _distances(colours, palette).argmin(axis=1).astype(np.uint8)
    return _written(palette, nearest[indices.reshape(packed.shape)])


def _distances(
    colours: npt.NDArray[np.uint32], others: npt.NDArray[np.uint32]
) -> npt.NDArray[np.int64]:
    """Between each colour and each of the others, squared."""
    found: npt.NDArray[np.int64] = ((_parts(colours)[:, None] - _parts(others)) ** 2).sum(axis=2)
    return found


def _parts(colours: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Red, green and blue."""
    return np.stack([(colours >> shift) & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.int64)


def _written(colours: npt.NDArray[np.uint32], indices: npt.NDArray[np.uint8]) -> bytes:
    height, width = indices.shape
    palette = b"".join(int(colour).to_bytes(3, "big") for colour in colours)
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = indices
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
