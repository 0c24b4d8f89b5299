"""Where the head of somebody's table is, and which of its columns is which of ours.

Titles may stand above it, a second line below it, cells may be merged; a heading may be called as it is here, by one
of its other names, or by a name that was once explained to us (HeadChoice).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

HEAD_IS_WITHIN = 15  # 行：表头之上可以有标题和说明
IGNORED = ""
LINE, PROBLEM = "原来的行", "问题"  # what the marked file has beside the columns

Cells = list[list[list[str]]]


class Part(NamedTuple):
    """The lines of one sheet of several: where they begin, what it is called, what makes its own count of theirs."""

    begins: int
    name: str
    shift: int


@dataclass
class Head:
    """`last` line of the head; heading by place; the place → name of those that are known, or IGNORED by choice;
    what of which sheet stands below it, when there are several; the sheets that were left out, the lines that nobody
    sees in the file, and what is to be said of all this."""

    last: int
    headings: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def found(self) -> dict[int, str]:
        return {place: name for place, name in self.names.items() if name != IGNORED}

    @property
    def unknown(self) -> list[str]:
        return [heading for place, heading in self.headings.items() if place not in self.names]

    @property
    def unused(self) -> list[str]:
        return [heading for place, heading in self.headings.items() if place not in self.found]

    def line(self, at: int) -> str:
        """What a line is called in the file: its number, or the sheet and its number there."""
        part = next((part for part in reversed(self.parts) if part.begins <= at), None)
        return f"{part.name} {at + part.shift + 1}" if part else str(at + 1)


def find(raw: Cells, words: dict[str, str], chosen: dict[str, str] | None = None) -> Head | None:
    """The line, or pair of lines, among the first ones that names most of our columns.

    `words` are plain headings → name; `chosen` the same, as the firm once decided, and IGNORED for what it leaves out.
    """
    known = {**words, **(chosen or {})}
    best, most = None, 0
    for at in range(min(len(raw), HEAD_IS_WITHIN)):
        for depth in (1, 2):
            head = _read(raw, at, depth, known)
            if head and len(head.found) > most:
                best, most = head, len(head.found)
    return best or _likely(raw)


def plain(heading: str) -> str:
    """身份证号 * （必填） → 身份证号, 劳务队长√ → 劳务队长."""
    narrow = unicodedata.normalize("NFKC", heading)
    return re.sub(r"\(.*?\)|\[.*?\]|[\s*:：、，,./_\-√]", "", narrow).lower()


def _read(raw, at, depth, known) -> Head | None:
    if at + depth > len(raw):
        return None
    upper, lower = (raw[at], raw[at + 1]) if depth == 2 else ([], raw[at])
    head, above = Head(at + depth - 1), ""
    for place in range(max(len(upper), len(lower))):
        over, under = _text(upper, place), _text(lower, place)
        above = over or (above if under else "")
        heading, name = _named((under, f"{above}{under}", over), known)
        if not heading or heading in (LINE, PROBLEM):
            continue
        head.headings[place] = heading
        if name is not None and (name == IGNORED or name not in head.found.values()):
            head.names[place] = name
    return head


def _named(readings, known) -> tuple[str, str | None]:
    """The first reading of a head cell that is known, else the first there is."""
    for reading in readings:
        if reading and (name := known.get(plain(reading))) is not None:
            return reading, name
    return next(filter(None, readings), ""), None


def _likely(raw) -> Head | None:
    """Nothing is known: the line with the most words among the first ones, for somebody to explain."""
    lines = raw[:HEAD_IS_WITHIN]
    counts = [sum(bool(cell) and cell[0] == "s" for cell in line) for line in lines]
    if max(counts, default=0) < 2:
        return None
    at = counts.index(max(counts))
    return Head(at, {place: cell[1] for place, cell in enumerate(lines[at]) if cell})


def _text(line, place) -> str:
    return line[place][1] if place < len(line) and line[place] else ""
