"""The printed papers: three ledgers of a site, the roster of a firm, the poster of a project, page by page, beside the
photographed pages."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from shiming.accounts.hats import offers
from shiming.accounts.models import User
from shiming.binding import poster_codes, poster_paper
from shiming.demo.city.accounts import known
from shiming.ledgers import papers, queries
from shiming.projects.models import Participation
from shiming.web import press

PPI = 80


def draw(folder: Path) -> list[Path]:
    """Write a PNG file for every page."""
    pm, hr, today = _actor("gc-pm"), _actor("labour-hr"), timezone.localdate()
    site = queries.sites(pm).get(pk=pm.project_id)
    made = {
        "roster": papers.roster(pm, project=site),
        "entries": papers.entries(pm, project=site, first=today - timedelta(days=90), last=today),
        "attendance": papers.attendance(pm, project=site, month=today.replace(day=1) - timedelta(days=1)),
        "firm": papers.roster(hr),
    }
    ledgers = [file for name, paper in made.items() for file in _pages(folder, name, papers.LEDGER, paper)]
    return [*ledgers, *_pages(folder, "poster", poster_paper.POSTER, _poster())]


def _poster() -> dict:
    place = next(filter(poster_codes.has_poster, Participation.objects.select_related("project", "company")))
    return poster_paper.printed(place, 1, f"https://shiming.example/q/{poster_codes.code_of(place)}/")


def add_to(index: Path, files: list[Path]) -> None:
    """Append the papers to the album."""
    shown = "".join(
        f"<div class='page'><a href='{file.name}'><img src='{file.name}' width='100%'></a></div>" for file in files
    )
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace("</body>", f"<h2>打印</h2><div class='pages'>{shown}</div></body>"), encoding="utf-8")


def _pages(folder: Path, name: str, paper: Path, data: dict) -> list[Path]:
    pages = press.compose(paper, data, format="png", ppi=PPI)
    files = []
    for number, page in enumerate(pages if isinstance(pages, list) else [pages], 1):
        files.append(folder / f"paper-{name}-{number}.png")
        files[-1].write_bytes(page)
    return files


def _actor(key: str):
    account = next(account for account in known() if account.key == key)
    return next(hat.actor for hat in offers(User.objects.get(pk=account.user_id)) if str(hat.source) == account.hat)
