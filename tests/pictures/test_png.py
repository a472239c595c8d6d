"""A picture keeps its colours as far as a palette has room, and is read by whoever reads PNG."""

import struct
import zlib

import numpy as np

from pictures.png import with_palette


def read(data: bytes) -> np.ndarray:
    """What a reader of PNG makes of our kind of it."""
    chunks, at = {}, 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        chunks[data[at + 4 : at + 8]] = data[at + 8 : at + 8 + size]
        at += 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    palette = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
    return palette[rows[:, 1:]]


def test_few_colours_come_back_as_they_were():
    pixels = np.array([[[0, 0, 0], [240, 242, 246]], [[255, 255, 255], [164, 28, 28]]], np.uint8)
    assert (read(with_palette(pixels)) == pixels).all()


def test_of_many_colours_the_frequent_ones_stay_and_the_rest_is_near():
    shades = np.arange(600)
    parts = [100 + shades % 9, 100 + shades // 9 % 9, 100 + shades // 81]
    rare = np.stack(parts, axis=1).astype(np.uint8)
    pixels = np.concatenate([np.full((600, 3), 243, np.uint8), rare]).reshape(30, 40, 3)
    found = read(with_palette(pixels))
    assert (found[:15] == 243).all()
    assert np.abs(found.astype(int) - pixels.astype(int)).max() <= 8
