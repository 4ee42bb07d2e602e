"""Weights of hashed features, a signed byte each, and the file they lie in: a line of JSON, then the weights."""

import json
from collections.abc import Mapping
from typing import Any
from zlib import crc32

STEPS = 127
"""Steps of a weight on either side of nothing."""


def bucket(feature: str, buckets: int) -> int:
    """Give the place of a feature's weight in a table of so many; features that share one are told apart by nothing."""
    return crc32(encoded(feature)) % buckets


def encoded(text: str) -> bytes:
    """Give the bytes that are hashed for a text."""
    return text.encode("utf-8", "surrogatepass")


def rounded(number: float) -> float:
    """Leave five figures, so that a setting is the same on every machine."""
    return float(f"{number:.5g}")


def dumps(settings: Mapping[str, Any], weights: bytes) -> bytes:
    """Write the file; the same weights give the same bytes."""
    return json.dumps(settings, sort_keys=True).encode() + b"\n" + weights


def loads(shipped: bytes) -> tuple[dict[str, Any], bytes]:
    """Read what ``dumps`` wrote."""
    head, weights = shipped.split(b"\n", 1)
    return json.loads(head), weights
