"""1:N: which of many faces is nearest. One multiplication of a matrix; nothing is kept between two questions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shiming.faces.models import FaceTemplate


@dataclass(frozen=True)
class Gallery:
    """The people and their vectors, one a row."""

    people: list[UUID]
    vectors: Any  # numpy's, which comes with the extra [face]

    def nearest(self, embedding: tuple[float, ...], *, least: float, most: int) -> list[tuple[UUID, float]]:
        """(person, similarity) of at most `most` who reach `least`, nearest first."""
        import numpy as np

        if not self.people:
            return []
        scores = self.vectors @ np.asarray(embedding, dtype=np.float32)
        best = np.argpartition(-scores, min(most, len(scores) - 1))[:most]
        ranked = sorted(((float(scores[at]), at) for at in best), reverse=True)
        return [(self.people[at], score) for score, at in ranked if score >= least]


def gallery(templates: QuerySet[FaceTemplate], engine: str) -> Gallery:
    """Opened from the rows; vectors of another engine are left out, because they cannot be compared."""
    import numpy as np

    rows = list(templates.filter(engine=engine).only("pk", "person_id", "sealed"))
    vectors = np.frombuffer(b"".join(row.opened("sealed") for row in rows), dtype=np.float32)
    return Gallery([row.person_id for row in rows], vectors.reshape(len(rows), -1) if rows else vectors)
