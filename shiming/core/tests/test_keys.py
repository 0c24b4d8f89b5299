"""The master key file wraps the data keys in the database; a rotated key still decrypts old values."""

import os
from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidTag

from shiming.core import keys
from shiming.core.environment import environment
from shiming.core.keys import PURPOSES, KeyTrouble
from shiming.core.models import DataKey
from shiming.outbox.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_kept_in_memory(db):
    """Clear cached keys: a key created by a test is rolled back with its transaction."""
    keys.forget()
    yield
    keys.forget()


@pytest.fixture
def another_master_key(monkeypatch, tmp_path):
    file = tmp_path / "other.key"
    file.write_bytes(os.urandom(32))
    monkeypatch.setattr(environment(), "master_key_file", file)
    keys.forget()
    return file


# master key


def test_missing_master_key_file_raises(tmp_path):
    with pytest.raises(KeyTrouble) as trouble:
        keys.master_key(tmp_path / "master.key")
    assert (
        str(trouble.value) == "主密钥文件不存在：master.key。请放回另行保管的主密钥文件；新安装请用 shiming run 建立。"
    )


@pytest.mark.parametrize("length", [0, 31, 33])
def test_master_key_of_other_length_raises(tmp_path, length):
    (tmp_path / "master.key").write_bytes(bytes(length))
    with pytest.raises(KeyTrouble, match=r"^主密钥文件 master.key 应为 32 字节。$"):
        keys.master_key(tmp_path / "master.key")


def test_foreign_master_key_raises_with_reason(another_master_key):
    for opens in (lambda: keys.current("fields"), lambda: keys.numbered("fields", 1)):
        with pytest.raises(KeyTrouble) as trouble:
            opens()
        assert str(trouble.value) == "主密钥与数据库不符：请使用与此数据库一同备份的主密钥。"


def test_wrapped_key_unwraps_for_its_purpose_only():
    wrapped = keys.wrap(b"k" * 32, "fields")
    assert keys.unwrap(wrapped, "fields") == b"k" * 32
    with pytest.raises(KeyTrouble):
        keys.unwrap(wrapped, "files")


def test_database_holds_no_plain_data_key():
    lies = [bytes(row.wrapped) for row in DataKey.objects.all()]
    assert [keys.current(purpose)[1] in b"".join(lies) for purpose in PURPOSES] == [False] * len(PURPOSES)


# data keys


def test_each_purpose_has_a_key_of_its_own():
    found = [keys.current(purpose) for purpose in PURPOSES]
    assert [number for number, _ in found] == [1] * len(PURPOSES)
    assert len({key for _, key in found}) == len(PURPOSES)


def test_second_migrate_adds_no_key():
    before = list(DataKey.objects.values_list("purpose", "number", "wrapped"))
    keys.ensure()
    assert list(DataKey.objects.values_list("purpose", "number", "wrapped")) == before


def test_missing_key_is_created_by_migrate_only():
    DataKey.objects.filter(purpose="codes").delete()
    with pytest.raises(KeyTrouble, match=r"没有“codes”密钥，请先运行 shiming manage migrate"):
        keys.digest("codes", "x")
    assert not DataKey.objects.filter(purpose="codes").exists()

    keys.ensure()
    assert keys.current("codes")[0] == 1


def test_new_key_encrypts_and_old_key_decrypts():
    first = keys.encrypt("files", b"photo", "1")
    keys.add("files")
    second = keys.encrypt("files", b"photo", "1")

    assert [int.from_bytes(sealed[:2], "big") for sealed in (first, second)] == [1, 2]
    assert [keys.decrypt("files", sealed, "1") for sealed in (first, second)] == [b"photo", b"photo"]


def test_row_saved_after_rotation_decrypts(cast):
    before = OutboxMessage.objects.create(to="13800138000", text="x", purpose="login")
    keys.add("fields")
    after = OutboxMessage.objects.create(to="13800138001", text="x", purpose="login")
    rows = OutboxMessage.objects.filter(pk__in=[before.pk, after.pk]).order_by("pk")

    assert [row.to.plain for row in rows] == ["13800138000", "13800138001"]


def test_rotation_leaves_other_purposes_unchanged():
    before = {purpose: keys.current(purpose) for purpose in PURPOSES if purpose != "trail"}
    keys.add("trail")
    assert {purpose: keys.current(purpose) for purpose in before} == before
    assert keys.current("trail")[0] == 2


# encryption


@pytest.mark.parametrize(
    ("purpose", "context"),
    [("fields", "people_person.phone.2"), ("files", "people_person.phone.1")],
)
def test_value_decrypts_in_its_context_only(purpose, context):
    sealed = keys.encrypt("fields", b"13800138000", "people_person.phone.1")
    assert keys.decrypt("fields", sealed, "people_person.phone.1") == b"13800138000"
    with pytest.raises(InvalidTag):
        keys.decrypt(purpose, sealed, context)


def test_equal_values_encrypt_differently():
    sealed = {keys.encrypt("fields", b"13800138000", "1") for _ in range(20)}
    assert len(sealed) == 20
    assert not [each for each in sealed if b"13800138000" in each or b64encode(b"13800138000") in each]


def test_digest_depends_on_purpose_and_text():
    assert keys.digest("index", "a") == keys.digest("index", "a")
    assert len({keys.digest("index", "a"), keys.digest("codes", "a"), keys.digest("index", "b")}) == 3
    assert len(keys.digest("index", "")) == 32
