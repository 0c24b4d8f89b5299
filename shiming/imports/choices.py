"""Remembered choices of a firm (or the administrator) for its files: heading → column, and word → word of a list."""

from shiming.core.actor import Actor
from shiming.imports.headings import IGNORED, Head, plain
from shiming.imports.models import HeadChoice, WordChoice
from shiming.imports.sheet import Row, Sheet


def heads(sheet: Sheet, by: Actor) -> dict[str, str]:
    """Plain heading → name of the column, or IGNORED."""
    known = HeadChoice.objects.filter(owner=_owner(by), sheet=sheet.code)
    names = {IGNORED, *(column.name for column in sheet.columns)}
    return {heading: name for heading, name in known.values_list("heading", "column") if name in names}


def keep_heads(sheet: Sheet, head: Head, by: Actor) -> None:
    ours = sheet.headings
    assigned = {plain(text): head.names[place] for place, text in head.headings.items()}
    choices = [
        HeadChoice(owner=_owner(by), sheet=sheet.code, heading=heading[:60], column=name)
        for heading, name in assigned.items()
        if ours.get(heading) != name
    ]
    HeadChoice.objects.bulk_create(
        choices,
        update_conflicts=True,
        unique_fields=["owner", "sheet", "heading"],
        update_fields=["column"],
    )


def words(sheet: Sheet, rows: list[Row], by: Actor) -> dict[tuple[str, str], str]:
    """(column, text) → the word chosen earlier, for the texts that are wrong in these rows."""
    wrong = {(name, row.cells[name].text) for row in rows for name in row.problems if name in row.cells}
    known = WordChoice.objects.filter(owner=_owner(by), sheet=sheet.code, word__in={word for _, word in wrong})
    found = {(choice.column, choice.word): choice.meaning for choice in known}
    return {key: meaning for key, meaning in found.items() if key in wrong}


def keep_words(sheet: Sheet, chosen: dict[tuple[str, str], str], by: Actor) -> None:
    """Remember the choices that are words of the list."""
    choices = [
        WordChoice(owner=_owner(by), sheet=sheet.code, column=name, word=word, meaning=meaning)
        for (name, word), meaning in chosen.items()
        if len(word) <= LONGEST_WORD and meaning in sheet.column(name).words(by)
    ]
    WordChoice.objects.bulk_create(
        choices,
        update_conflicts=True,
        unique_fields=["owner", "sheet", "column", "word"],
        update_fields=["meaning"],
    )


LONGEST_WORD = WordChoice._meta.get_field("word").max_length


def _owner(by: Actor):
    return by.company_id or by.user_id
