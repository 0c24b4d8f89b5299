"""A wrong ID number place by place, with candidates to choose from."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from shiming.idcard import number as id_number
from shiming.idcard.number import InvalidIdNumber

FIRST = 4  # the likeliest; the others are folded under a button


@dataclass(frozen=True)
class Guess:
    """A candidate; `parts` are its characters, each with True if it differs from the typed one."""

    number: str
    parts: list[tuple[str, bool]]


@dataclass(frozen=True)
class Slip:
    position: int
    reason: str
    places: list[tuple[int, str, bool]]
    guesses: list[Guess]

    @property
    def likeliest(self) -> list[Guess]:
        return self.guesses[:FIRST]

    @property
    def others(self) -> list[Guess]:
        return self.guesses[FIRST:]


def slip_of(text: str, read: dict[str, str]) -> Slip | None:
    """The error of this number, or None if it is valid or empty; `read` holds the fields read from the photo."""
    typed = id_number.normalise(text)
    if not typed:
        return None
    try:
        id_number.parse(typed)
    except InvalidIdNumber as found:
        guesses = [Guess(number, _parts(typed, number)) for number in _likely(typed, found.candidates, read)]
        places = [(place, character, place == found.position) for place, character in enumerate(typed[:20], 1)]
        return Slip(found.position, str(found.reason), places, guesses)
    return None


def _likely(typed: str, candidates: list[str], read: dict[str, str]) -> list[str]:
    """Candidates that agree with birthday and sex on the card, the number on the card first."""
    born = date.fromisoformat(read["birth_date"]) if read.get("birth_date") else None
    fitting = id_number.candidates(typed, born, read.get("sex") or None) or candidates
    return sorted(fitting, key=lambda number: number != read.get("id_number"))


def _parts(typed: str, meant: str) -> list[tuple[str, bool]]:
    same = SequenceMatcher(None, typed, meant, autojunk=False).get_matching_blocks()
    kept = {place for block in same for place in range(block.b, block.b + block.size)}
    return [(character, place not in kept) for place, character in enumerate(meant)]
