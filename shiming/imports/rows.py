"""Select the lines of a workbook that are rows of data.

Sheets with the same heading lines (one per crew, as many firms keep them) are read as one table. Totals, signatures and
repeated heading lines are left out.
"""

import re
from dataclasses import replace
from itertools import pairwise

from shiming.imports.formats import Page
from shiming.imports.headings import Cells, Head, Part, find, plain

SHORTEST_NUMBER = 15  # characters: ID numbers and credit codes are no shorter
TOTALS = ("合计", "小计", "总计", "共计", "总人数", "人数合计")
SIGNATURES = re.compile(
    r"(制表|填表|编制|审核|复核|负责人|项目经理|监理|备注|说明|注)[^:]{0,10}:|(制表|填表|编制|审核|复核)人?$"
)


def join_pages(
    pages: list[Page], words: dict[str, str], needed: set[str], chosen: dict[str, str]
) -> tuple[Cells, Head]:
    """The lines and the head of the sheets that name most of our columns.

    The head of the first such sheet counts; the lines below the heads of the others are appended to it.
    """
    heads = [find(page.rows, words, chosen) or Head(0) for page in pages]
    best = max(range(len(pages)), key=lambda at: _fit(heads[at], pages[at], needed))
    alike = [at for at, head in enumerate(heads) if head.headings and head.headings == heads[best].headings]
    first, *others = alike or [best]
    raw, hidden = list(pages[first].rows), list(pages[first].hidden)
    parts = [Part(0, pages[first].name, 0)] if others else []
    for at in others:
        begins = heads[at].last + 1
        parts.append(Part(len(raw), pages[at].name, begins - len(raw)))
        hidden += [line - begins + len(raw) for line in pages[at].hidden if line >= begins]
        raw += pages[at].rows[begins:]
    unread = [page.name for at, page in enumerate(pages) if at not in (first, *others)]
    return raw, replace(heads[first], parts=parts, hidden=hidden, unread=unread)


def data_lines(raw: Cells, head: Head, key: str) -> tuple[list[int], list[int]]:
    """Indexes of the lines below the head that are rows, and of those that only look like rows.

    `key` names the column that every row fills.
    """
    ends = len(raw) if head.end is None else head.end
    filled = [at for at in range(head.last + 1, ends) if any(raw[at])]
    repeated = {at for at in filled if _is_head(raw[at], head)}
    titles = {at for at, following in pairwise(filled) if following in repeated and _has_one_cell(raw[at])}
    skipped = {at for at in filled if at in repeated | titles or _is_footer(raw[at], head, key)}
    return [at for at in filled if at not in skipped], sorted(skipped)


def _fit(head: Head, page: Page, needed: set[str]) -> tuple:
    """Sorts sheets: all required columns first, then more of our columns, then more lines."""
    names = set(head.found.values())
    return needed <= names, len(names), len(page.rows)


def _is_head(line, head: Head) -> bool:
    filled = [place for place in head.found if place < len(line) and line[place]]
    return len(filled) > 1 and all(plain(line[place][1]) == plain(head.headings[place]) for place in filled)


def _has_one_cell(line) -> bool:
    return sum(map(bool, line)) == 1


def _is_footer(line, head: Head, key: str) -> bool:
    """Whether a line is a total or a signature, such as `合计 24 人`: no full number in the key column."""
    begins = _without_spaces(next(cell[1] for cell in line if cell))
    place = next((place for place, name in head.found.items() if name == key), len(line))
    number = line[place][1] if place < len(line) and line[place] else ""
    if begins.rstrip(":") in TOTALS:
        return len(number) < SHORTEST_NUMBER
    return not number and bool(SIGNATURES.match(begins))


def _without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text).replace("：", ":")
