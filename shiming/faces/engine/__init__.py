"""The face engine behind one small adaptor: `look(jpeg)` says which faces a picture shows.

SHIMING_FACE_ENGINE chooses it: `local`, `package.module:Name` for a maker's SDK (docs/faces.md), or empty for none.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol

from shiming.core.environment import environment

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """One face in a picture.

    box: x, y, width, height in pixels of the picture as it was looked at.
    landmarks: the person's right eye, left eye, nose, right and left corner of the mouth.
    sharpness, brightness: of the face alone, as `local.py` measures them.
    covered: whether the forehead looks like something else than skin and hair: a helmet.
    embedding: a vector of length 1; the dot product of two is their similarity.
    """

    box: tuple[float, float, float, float]
    landmarks: tuple[Point, Point, Point, Point, Point]
    sharpness: float
    brightness: float
    embedding: tuple[float, ...]
    covered: bool = False


class Engine(Protocol):
    """`name` with its version is kept with each template: vectors of different engines are never compared."""

    name: str
    threshold: float  # the least similarity of two pictures of one person

    def look(self, jpeg: bytes) -> list[Face]:
        """The faces, largest first; EngineFailed when the picture cannot be looked at."""
        ...


class EngineFailed(RuntimeError):
    """The picture could not be opened, or the engine stopped over it."""


def similarity(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def engine() -> Engine | None:
    """The engine of this installation, or None: the setting is empty, or the extra [face] is not installed."""
    return _made(environment().face_engine)


@cache
def _made(name: str) -> Engine | None:
    if not name:
        return None
    if name == "local":
        local = import_module(f"{__name__}.local")
        return local.LocalEngine() if local.installed() else None
    module, _, maker = name.partition(":")
    return getattr(import_module(module), maker)()
