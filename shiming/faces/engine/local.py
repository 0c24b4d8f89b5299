"""The engine that comes with the extra [face]: YuNet and SFace in a process of their own (worker.py)."""

import struct
from importlib.util import find_spec

from shiming.faces.engine import EngineFailed, Face, models, process

# 400 photos of 40 people: 2 % false refusals and 0.012 % false matches (docs/faces.md).
THRESHOLD = 0.45


def installed() -> bool:
    return models.folder() is not None and find_spec("cv2") is not None


class LocalEngine:
    name = "yunet-2023mar+sface-2021dec"
    threshold = THRESHOLD

    def look(self, jpeg: bytes) -> list[Face]:
        head, vectors = process.ask({"do": "look"}, jpeg)
        if "failed" in head:
            raise EngineFailed(head["failed"])
        size = head["size"]
        return [_face(facts, vectors[place * size : (place + 1) * size]) for place, facts in enumerate(head["faces"])]


def _face(facts: dict, vector: bytes) -> Face:
    return Face(
        box=tuple(facts["box"]),
        landmarks=tuple(map(tuple, facts["landmarks"])),
        sharpness=facts["sharpness"],
        brightness=facts["brightness"],
        covered=facts["covered"],
        embedding=struct.unpack(f"<{len(vector) // 4}f", vector),
    )
