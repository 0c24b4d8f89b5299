"""The printed papers: three ledgers of a site and the roster of a firm, page by page, beside the photographed pages."""

import json
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from shiming.accounts.hats import offers
from shiming.accounts.models import User
from shiming.demo.city.accounts import known
from shiming.ledgers import papers, press, queries

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
    return [file for name, paper in made.items() for file in _pages(folder, name, paper)]


def add_to(index: Path, files: list[Path]) -> None:
    """Append the papers to the album."""
    shown = "".join(
        f"<div class='page'><a href='{file.name}'><img src='{file.name}' width='100%'></a></div>" for file in files
    )
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace("</body>", f"<h2>打印</h2><div class='pages'>{shown}</div></body>"), encoding="utf-8")


def _pages(folder: Path, name: str, paper: dict) -> list[Path]:
    pages = press.compose(json.dumps(paper, ensure_ascii=False), format="png", ppi=PPI)
    files = []
    for number, page in enumerate(pages if isinstance(pages, list) else [pages], 1):
        files.append(folder / f"paper-{name}-{number}.png")
        files[-1].write_bytes(page)
    return files


def _actor(key: str):
    account = next(account for account in known() if account.key == key)
    return next(hat.actor for hat in offers(User.objects.get(pk=account.user_id)) if str(hat.source) == account.hat)
