"""Dictionaries: content, cost, changes by the administrator."""

import pytest

from shiming.core.audit import Origin, origin
from shiming.core.errors import NotAllowed
from shiming.core.models import AuditEntry
from shiming.dictionaries import commands as dictionary_commands
from shiming.dictionaries import queries as dictionaries
from shiming.dictionaries.models import DictionaryEntry


@pytest.fixture
def in_a_request():
    token = origin.set(Origin("127.0.0.1", "request-1"))
    yield
    origin.reset(token)


def test_dictionaries_hold_words_of_manuals(db):
    assert dictionaries.choices("trade")[:3] == [(w, w) for w in ("建筑、装饰工程普工", "木工(模板工)", "钢筋工")]
    assert len(dictionaries.choices("ethnicity")) == 56
    assert {"群众", "中共党员"} <= dict(dictionaries.choices("political_status")).keys()
    assert dictionaries.details("position", "总监")["one_per"] == "project"


def test_old_education_labels_map_to_list(db):
    offered = [code for code, _ in dictionaries.choices("education")]

    assert offered == ["小学", "初中", "高中", "中专", "大专", "本科", "硕士", "博士", "其他"]
    assert dictionaries.label("education", "相当高中毕业") == "相当高中毕业"
    assert dictionaries.canonical("education", "相当高中毕业") == "高中"
    assert dictionaries.canonical("education", "本科") == "本科"


def test_one_query_reads_all_tables_of_a_request(in_a_request, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        dictionaries.choices("trade"), dictionaries.label("position", "安全员"), dictionaries.find("education", "本科")


def test_new_trade_is_offered_and_recorded(in_a_request, cast):
    dictionaries.choices("trade")
    dictionary_commands.add_entry("trade", label="装配式工", by=cast.admin)

    assert ("装配式工", "装配式工") in dictionaries.choices("trade")
    assert [str(entry) for entry in AuditEntry.objects.all()] == ["系统管理员修改字典工种：装配式工"]


def test_renamed_entry_keeps_its_code(cast):
    steel = DictionaryEntry.objects.get(table="trade", code="钢筋工")
    dictionary_commands.change_entry(steel, by=cast.admin, label="钢筋加工工", order=30, active=False, extra={})

    assert dictionaries.label("trade", "钢筋工") == "钢筋加工工"
    assert "钢筋工" not in dict(dictionaries.choices("trade"))
    assert dictionaries.find("trade", "钢筋加工工") == "钢筋工"


def test_only_administrator_changes_a_dictionary(cast):
    for actor in (cast.hr, cast.gc_pm, cast.regulator(), cast.himself()):
        with pytest.raises(NotAllowed):
            dictionary_commands.add_entry("trade", label="测试工", by=actor)
