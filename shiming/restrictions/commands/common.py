"""What the commands of this module share: the thread, its papers, and the line in the trail."""

from shiming.attachments.content import Paper as Checked
from shiming.core import files
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, missing
from shiming.core.events import Event
from shiming.restrictions.models import Line, Paper, Restriction

KIND = "restriction"


def say(row: Restriction, step: str, text: str, by: Actor, papers: list[Checked] = ()) -> Line:
    """Add what was written, with papers already checked; R-10 without a text."""
    if not text.strip():
        raise missing("内容", "text")
    line = Line.objects.create(restriction=row, step=step, text=text.strip(), by=by.name, by_user_id=by.user_id)
    for paper in papers:
        stored = files.store(paper.whole, kind=KIND, media_type=paper.media_type)
        Paper.objects.create(line=line, file=stored, name=paper.name)
    return line


def note(event: Event, row: Restriction, by: Actor, **words) -> None:
    """The trail keeps neither category nor text: both are deleted with the entry."""
    about = {"person": row.person.name, "issuer": row.issuer.name, "scope": row.scope}
    record(event, row, by=by, from_date=row.from_date, until=row.until, **about, **words)


def require_current(row: Restriction) -> None:
    if row.over:
        raise Conflict(f"限制进场{row.get_state_display()}，无需再办")
