"""Find the heading line of an uploaded table and map its columns to ours.

Titles may stand above the headings and a second line below them; cells may be merged. A heading may be our label, one
of its aliases, or a name that the user once assigned to a column (HeadChoice).
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import NamedTuple

LINES_SEARCHED = 15  # titles and notes may stand above the headings
IGNORED = ""
LINE, PROBLEM = "原来的行", "问题"  # the columns that the marked workbook adds

Cells = list[list[list[str]]]


class Part(NamedTuple):
    """The lines of one sheet of several: index of its first line, name of the sheet, and the shift from an index to
    the index within the sheet."""

    begins: int
    name: str
    shift: int


@dataclass(frozen=True)
class Head:
    """The headings of a table and the notes about it; updates make a new Head with `replace()`.

    `last` is the index of the last heading line, `end` that after the last line of the table (None: the file's end).
    `headings` are the texts by place, `names` our column names by place
    as far as known (IGNORED by choice). `parts` are the sheets read as one table, empty for a single sheet; `unread`
    the names of the other sheets; `hidden` the indexes of lines that the file hides; `notes` the sentences for the user
    about all of this. `details` are the heads of the detail sheets by code, whose lines follow those of the table.
    """

    last: int
    headings: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    end: int | None = None
    details: dict[str, "Head"] = field(default_factory=dict)
    doubtful: list[int] = field(default_factory=list)

    @property
    def found(self) -> dict[int, str]:
        return {place: name for place, name in self.names.items() if name != IGNORED}

    @property
    def weight(self) -> tuple[int, int]:
        """Sorts the readings of a file: the one that explains most headings is the best, then the most doubtful one."""
        strangers = sum(bool(OTHERS.search(self.headings[place])) for place in self.doubtful)
        return len(self.names) + strangers, len(self.doubtful)

    @property
    def unused(self) -> list[str]:
        return [heading for place, heading in self.headings.items() if place not in self.found]

    def below(self, raw: Cells) -> Cells:
        """The lines of the table below its headings."""
        return raw[self.last + 1 : self.end]

    def after(self, raw: Cells, name: str) -> "Head":
        """This head of the sheet `name` when its lines are appended to `raw`."""
        by = len(raw)
        parts = [Part(part.begins + by, part.name, part.shift - by) for part in self.parts or [Part(0, name, 0)]]
        return replace(self, last=self.last + by, hidden=[at + by for at in self.hidden], parts=parts)

    def line(self, at: int) -> str:
        """The label of a line in the file: its number, or the sheet and its number there."""
        part = next((part for part in reversed(self.parts) if part.begins <= at), None)
        return f"{part.name} {at + part.shift + 1}" if part else str(at + 1)


def find(raw: Cells, words: dict[str, str], chosen: dict[str, str] | None = None) -> Head | None:
    """The line, or pair of lines, among the first LINES_SEARCHED that names most of our columns.

    `words` maps plain headings to column names; `chosen` holds the user's own assignments, with IGNORED for omitted
    columns.
    """
    known = {**words, **(chosen or {})}
    best, most = None, (0, 0)
    for at in range(min(len(raw), LINES_SEARCHED)):
        for depth in (1, 2):
            head = _read(raw, at, depth, known)
            if head and head.names and head.weight > most:
                best, most = head, head.weight
    return best or _likely(raw)


# Words in brackets, or over and under a heading, that leave its meaning: the worker, remarks on filling in, units.
SELF = (
    "(作业|施工|劳务|建筑|进场)*(人员|工人|职工|员工|民工|工友|个人|本人)?"
    "(基本|基础|身份证?|证件|登记|实名制?|联系|聘用|用工|从业|工作|岗位|劳动|合同)*(信息|情况|资料|内容|方式|期限|栏)?"
)
REMARK = (
    "必填|选填|非必填|.*填写?|文本|.*格式|人民币|.*元.*|√|打√|[是有]?否|是.?否|有.?无|.*选.*|男.?女|"
    "年.?月.?日|y+.?m+.?d+|全称|简称|汉字|中文|大写|小写|[如例同与按请注以].*|\\D{0,6}\\d{1,2}\\D{0,6}|[\u2103%]"
)
NEUTRAL = re.compile(SELF)
HARMLESS = re.compile(f"{SELF}|{REMARK}", re.IGNORECASE)
# Other people whose name or phone stands under a heading of ours.
OTHERS = re.compile("家属|亲属|家人|配偶|父|母|子女|紧急|担保|介绍|保证|联系人")
BRACKETED = re.compile(r"\((.*?)\)|\[(.*?)\]|【(.*?)】|〔(.*?)〕")


def plain(heading: str) -> str:
    """A heading without marks and blanks: `身份证号 * （必填）` gives `身份证号`. A bracket that is no remark counts:
    `电话（家属）` gives `电话家属`."""
    return _letters(BRACKETED.sub(_kept, unicodedata.normalize("NFKC", heading)))


def unqualified(heading: str) -> str:
    """A heading without its brackets: `电话（家属）` gives `电话`."""
    return _letters(BRACKETED.sub("", unicodedata.normalize("NFKC", heading)))


def _kept(bracket: re.Match) -> str:
    words = next(filter(None, bracket.groups()), "")
    return "" if HARMLESS.fullmatch(_letters(words)) else words


def _letters(text: str) -> str:
    return re.sub(r"[\s*:：、，,./_\-√]", "", text).lower()


def _read(raw, at, depth, known) -> Head | None:
    if at + depth > len(raw):
        return None
    upper, lower = (raw[at], raw[at + 1]) if depth == 2 else ([], raw[at])
    headings, names, doubtful, above = {}, {}, [], ""
    for place in range(max(len(upper), len(lower))):
        over, under = _text(upper, place), _text(lower, place)
        above = over or (above if under else "")
        heading, name, doubt = _named(above, under, known)
        if not heading or heading in (LINE, PROBLEM):
            continue
        headings[place] = heading
        if doubt:
            doubtful.append(place)
        elif name is not None and (name == IGNORED or name not in names.values()):
            names[place] = name
    return Head(at + depth - 1, headings, names, doubtful=doubtful)


def _named(above: str, under: str, known) -> tuple[str, str | None, bool]:
    """The heading of a cell under a group word, the column that it names, and whether a word that is not understood
    qualifies it: 电话 under 紧急联系人 is not the phone of the worker."""
    if not (above and under):
        heading = above or under
        name = known.get(plain(heading))
        return heading, name, name is None and unqualified(heading) in known and unqualified(heading) != plain(heading)
    both = f"{above}{under}"
    if (name := known.get(plain(both))) is not None:
        return both, name, False
    group, own = known.get(plain(above)), known.get(plain(under))
    if own is not None and (group == own or NEUTRAL.fullmatch(plain(above))):
        return under, own, False
    if group is not None and HARMLESS.fullmatch(plain(under)):
        return above, group, False
    return both, None, own is not None or (group is not None and bool(OTHERS.search(under)))


def _likely(raw) -> Head | None:
    """When no heading is known: the first line with the most text cells, for the user to assign its columns."""
    lines = raw[:LINES_SEARCHED]
    counts = [sum(bool(cell) and cell[0] == "s" for cell in line) for line in lines]
    if max(counts, default=0) < 2:
        return None
    at = counts.index(max(counts))
    return Head(at, {place: cell[1] for place, cell in enumerate(lines[at]) if cell})


def _text(line, place) -> str:
    return line[place][1] if place < len(line) and line[place] else ""
