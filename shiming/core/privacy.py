"""Personal values: encrypted at rest, masked when printed, found by a keyed fingerprint."""

from django.db import models

from shiming.core import keys

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648, base 32
PAIRS = [first + second for first in LETTERS for second in LETTERS]


def mask(text: str) -> str:
    """110101199001011234 → 110*****234. The mask does not show the length (domain.md §7.1)."""
    return f"{text[:3]}*****{text[-3:]}" if len(text) > 6 else "*****" if text else ""


def blind_index(kind: str, text: str) -> str:
    """The fingerprint that finds equal values, 26 characters. `kind` keeps fields apart."""
    number = int.from_bytes(keys.digest("index", f"{kind}:{text}")[:16], "big") << 2  # 130 bits
    return "".join([PAIRS[number >> place & 1023] for place in range(120, -1, -10)])


class Secret:
    """A personal value that prints masked. `.plain` is only for commands that reveal, encrypt or compare."""

    __slots__ = ("_context", "_plain", "_sealed")

    def __init__(self, plain: str | None = None, *, sealed: bytes | None = None, context: str = ""):
        self._plain, self._sealed, self._context = plain, sealed, context

    @property
    def plain(self) -> str:
        if self._plain is None:
            self._plain = keys.decrypt("fields", self._sealed, self._context).decode()
        return self._plain

    def __str__(self) -> str:
        return mask(self.plain)

    __repr__ = __str__

    def __bool__(self) -> bool:
        return bool(self.plain)

    def __eq__(self, other) -> bool:
        return isinstance(other, Secret) and other.plain == self.plain

    def __hash__(self) -> int:
        return hash(self.plain)


class _SecretAttribute:
    """Binds a database value to its row: decryption needs table, column and row."""

    def __init__(self, field):
        self.field = field

    def __get__(self, row, owner=None):
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
        value = row.__dict__[self.field.attname]
        if isinstance(value, (bytes, memoryview)):
            value = Secret(sealed=bytes(value), context=self.field.context(row))
            row.__dict__[self.field.attname] = value
        return value

    def __set__(self, row, value):
        row.__dict__[self.field.attname] = Secret(value) if isinstance(value, str) else value


class SecretField(models.BinaryField):
    """Text stored as AES-256-GCM, bound to table, column and row: a value copied elsewhere does not decrypt.

    A row must have its primary key before it is saved. `bulk_create` works; `QuerySet.update` does not.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _SecretAttribute(self))

    def context(self, row) -> str:
        return f"{self.model._meta.db_table}.{self.column}.{row.pk}"

    def pre_save(self, row, add):
        value = getattr(row, self.attname)
        if value is None:
            return None
        context = self.context(row)
        if value._sealed is None or value._context != context:  # new, or copied from another row
            sealed = keys.encrypt("fields", value.plain.encode(), context)
            value = row.__dict__[self.attname] = Secret(value.plain, sealed=sealed, context=context)
        return value._sealed

    def get_db_prep_value(self, value, connection, prepared=False):
        if isinstance(value, (str, Secret)):
            raise TypeError(f"{self.name} 只能随整行保存，不能用于查询或 update()")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, row) -> str:
        return str(getattr(row, self.attname))

    def clean(self, value, row):
        return value

    def value_from_object(self, row):
        return getattr(row, self.attname)
