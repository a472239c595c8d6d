"""What shops, suppliers, products and files of the generated company are called.

Before the way of a change. The words are ours; no real company is meant.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST: Final = _words(
    "amber aspen birch bramble brass bright calm cedar clay clover cobalt copper coral cotton "
    "crisp dapper dune early ember fable fern field flint fog forest gentle gilded glass "
    "golden granite harbor hazel heron hollow honest indigo iron island ivory jade juniper "
    "kind lantern larch linen little lively lunar maple marble meadow mellow mint misty moss "
    "nimble noble north oak ocean old olive opal orchard otter pebble pine plain plum poppy "
    "prairie quartz quiet raven red river rowan russet sage salt sandy scarlet silver sleepy "
    "slate snowy solar south sparrow spruce stone summer sunny swift tall teal thistle tidal "
    "timber tulip umber velvet violet walnut warm west wild willow winter wren yarrow"
)
_SECOND: Final = _words(
    "apparel atelier attic bakery barn basket bazaar bench bikes blooms boards books boots "
    "bottle cabin candle canvas cellar ceramics coffee cycles denim depot desk emporium "
    "fabric farm fitness forge furniture games garden gear glassware goods grocer hardware "
    "hats home kettle kids kitchen lamps leather lighting living looms market mercantile mill "
    "outdoors outfitters paper pantry parlor pets plants pottery press provisions records "
    "roasters rugs shoes skincare soap sports stationery studio supply surf tackle tailors "
    "tea threads tools toys trading travel vintage watches weavers wellness wheels wine "
    "woodwork workshop yarn"
)
_SUPPLIER_ENDS: Final = (
    "Wholesale",
    "Trading Co.",
    "Imports",
    "Distribution",
    "Supply GmbH",
    "& Sons",
    "Manufacturing",
    "Textiles Ltd",
    "Group B.V.",
    "Factory Direct",
)
_PRODUCTS: Final = _words(
    "apron backpack bath_towel beanie belt blanket bowl bracelet brush cap carafe cardigan "
    "cushion dinner_plate doormat duffel earrings frame gloves hand_cream hoodie jacket jar "
    "jug lamp_shade lunch_box mug napkin notebook overshirt pencil_case planter poster quilt "
    "raincoat ring sandals scarf serving_tray shirt socks spoon_set stool sweater tablecloth "
    "teapot tote travel_mug vase wallet water_bottle wool_throw"
)
_FINISHES: Final = (
    "black",
    "natural",
    "navy",
    "sand",
    "olive",
    "rust",
    "cream",
    "charcoal",
    "sky",
    "berry",
)

ERRORS: Final = (
    "Vision API timed out after 120000 ms",
    "Connection pool exhausted: no connection within 10 s",
    'Supplier name could not be matched: "{word}"',
    "Product draft rejected: variant {number} has no price",
    "Image {number} could not be fetched: HTTP 404",
    "Shopify API: 429 Too Many Requests, bucket full",
)
"""One message for each stage, in the order of `controller.demo.company.runs.STAGES`."""

FILE_TYPES: Final = (
    ("pdf", "application/pdf"),
    ("csv", "text/csv"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("jpg", "image/jpeg"),
)
"""Suffix and media type of uploads, the most frequent first."""


def shop_domains(count: int, rng: np.random.Generator) -> list[str]:
    """Distinct shop domains; numbers are added where the words are used up."""
    pairs = len(_FIRST) * len(_SECOND)
    order = rng.permutation(pairs)
    return [_shop(int(order[place % pairs]), place // pairs) for place in range(count)]


def _shop(pair: int, repeated: int) -> str:
    first, second = divmod(pair, len(_SECOND))
    number = f"-{repeated + 1}" if repeated else ""
    return f"{_FIRST[first]}-{_SECOND[second]}{number}.myshopify.com"


def supplier_names(count: int, rng: np.random.Generator) -> list[str]:
    """Names of suppliers; two may share one, as in life."""
    first = rng.integers(0, len(_FIRST), size=count).tolist()
    last = rng.integers(0, len(_SUPPLIER_ENDS), size=count).tolist()
    return [f"{_FIRST[f].title()} {_SUPPLIER_ENDS[e]}" for f, e in zip(first, last, strict=True)]


def product_names() -> list[str]:
    """Everything the company's merchants buy."""
    return [
        f"{thing.replace('_', ' ').title()}, {finish}"
        for thing in _PRODUCTS
        for finish in _FINISHES
    ]


def file_names(suppliers: list[str], numbers: NDArray[np.int64], types: list[int]) -> list[str]:
    """What uploaded purchase orders are called."""
    slugs = {
        name: "".join(c for c in name.lower() if c.isalnum() or c == " ") for name in set(suppliers)
    }
    return [
        f"{slugs[name].replace(' ', '-')}-{number}.{FILE_TYPES[kind][0]}"
        for name, number, kind in zip(suppliers, numbers.tolist(), types, strict=True)
    ]


def word(number: int) -> str:
    """Some word, for messages that quote one."""
    return _FIRST[number % len(_FIRST)]
