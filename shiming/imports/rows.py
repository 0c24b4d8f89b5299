"""Which lines of a workbook are rows: those of all sheets with the same head (a crew each, as many firms keep them), one
under the other, without totals, signatures, and heads that were printed again.
"""

import re
from itertools import pairwise

from shiming.imports.formats import Page
from shiming.imports.headings import Cells, Head, Part, find, plain

NUMBER = 15  # 位：证件号、信用代码都不比这短
SUMS = ("合计", "小计", "总计", "共计", "总人数", "人数合计")
SIGNED = re.compile(
    r"(制表|填表|编制|审核|复核|负责人|项目经理|监理|备注|说明|注)[^:]{0,10}:|(制表|填表|编制|审核|复核)人?$"
)


def gather(pages: list[Page], words: dict[str, str], needed: set[str], chosen: dict[str, str]) -> tuple[Cells, Head]:
    """The lines and the head of the sheets that name most of our columns."""
    heads = [find(page.rows, words, chosen) or Head(0) for page in pages]
    best = max(range(len(pages)), key=lambda at: _worth(heads[at], pages[at], needed))
    alike = [at for at, head in enumerate(heads) if head.headings and head.headings == heads[best].headings]
    first, *others = alike or [best]
    raw, head = list(pages[first].rows), heads[first]
    head.hidden = list(pages[first].hidden)
    if others:
        head.parts = [Part(0, pages[first].name, 0)]
    for at in others:
        begins = heads[at].last + 1
        head.parts.append(Part(len(raw), pages[at].name, begins - len(raw)))
        head.hidden += [line - begins + len(raw) for line in pages[at].hidden if line >= begins]
        raw += pages[at].rows[begins:]
    head.unread = [page.name for at, page in enumerate(pages) if at not in (first, *others)]
    return raw, head


def rows_below(raw: Cells, head: Head, key: str) -> tuple[list[int], list[int]]:
    """Places of the lines that are rows, and of those that only look it. `key` names the column each row must have."""
    filled = [at for at in range(head.last + 1, len(raw)) if any(raw[at])]
    again = {at for at in filled if _is_head(raw[at], head)}
    titles = {at for at, following in pairwise(filled) if following in again and _lonely(raw[at])}
    skipped = {at for at in filled if at in again | titles or _closes(raw[at], head, key)}
    return [at for at in filled if at not in skipped], sorted(skipped)


def _worth(head: Head, page: Page, needed: set[str]) -> tuple:
    names = set(head.found.values())
    return needed <= names, len(names), len(page.rows)


def _is_head(line, head: Head) -> bool:
    told = [place for place in head.found if place < len(line) and line[place]]
    return len(told) > 1 and all(plain(line[place][1]) == plain(head.headings[place]) for place in told)


def _lonely(line) -> bool:
    return sum(map(bool, line)) == 1


def _closes(line, head: Head, key: str) -> bool:
    """合计 24 人；制表人：…… — a line that does not say whom it is about."""
    begins = _without_spaces(next(cell[1] for cell in line if cell))
    place = next((place for place, name in head.found.items() if name == key), len(line))
    whom = line[place][1] if place < len(line) and line[place] else ""
    if begins.rstrip(":") in SUMS:
        return len(whom) < NUMBER
    return not whom and bool(SIGNED.match(begins))


def _without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text).replace("：", ":")
