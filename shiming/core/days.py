"""Days that people type lie between these bounds: beyond them a year is a slip."""

from datetime import date

EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)
