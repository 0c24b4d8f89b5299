"""What people type and paste: the cases of tests/cases with their right values."""

import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.accounts.tests.conftest import Visitor
from shiming.core.models import AuditEntry
from shiming.desk.forms import RosterFilter
from shiming.desk.tests.test_commands import under
from shiming.employment.models import Employment
from shiming.employment.queries import employments
from shiming.idcard.number import complete, parse
from shiming.imports import cells
from shiming.imports import commands as imports
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from shiming.people.queries import matching
from shiming.presence.models import Stay
from shiming.web import cleaning
from tests.cast import invented_id
from tests.doors import client_of
from tests.tables import commit, problems, upload

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parent / "cases"


def case(name: str) -> dict:
    return json.loads(next(CASES.glob(f"{name}-*.json")).read_text(encoding="utf-8"))


def book(name: str) -> bytes:
    return next(CASES.glob(f"{name}-*.xlsx")).read_bytes()


@pytest.fixture
def desk(cast):
    """The site of a project where the desk enters people by form."""
    assert cast.labour_place and cast.gc_pm
    under(cast, "site_direct")
    return cast


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def at_desk(cast, **more) -> dict:
    work = {"place": cast.labour_place.pk, "trade": "钢筋工", "education": "高中", "on": f"{timezone.localdate()}"}
    return work | more


class TestInvisibleCharacters:
    """09"""

    CASE = case("09")
    NUMBER, NAME, PHONE = CASE["fields"].values()

    def test_irregular_registration_saves_the_clean_values(self, desk):
        card = {"number": self.NUMBER, "name": self.NAME, "phone": self.PHONE, "birth_date": "1988-06-12"}
        answer = client_of(desk.gc_pm).post("/stays/desk/irregular/", at_desk(desk, **card))
        assert answer.status_code == 200, answer.content.decode()[-3000:]
        stay = Stay.objects.get()
        assert (stay.person.name, stay.person.id_number.plain) == ("穆隐字", "119900198806127238")
        assert stay.assignment.employment.contact_phone.plain == "15400990723"

    def test_registration_finds_the_known_person(self, desk):
        person = known(desk, "穆隐字", self.NUMBER)
        answer = client_of(desk.gc_pm).post(
            "/stays/desk/registration/", at_desk(desk, number=self.NUMBER, name=self.NAME, phone=self.PHONE)
        )
        assert answer.status_code == 200 and Stay.objects.get().person == person

    def test_invitation_finds_the_known_person(self, cast):
        person = known(cast, "穆隐字", self.NUMBER)
        answer = client_of(cast.hr).post("/employments/new/", {"name": self.NAME, "number": self.NUMBER})
        assert answer.status_code in (200, 302) and Employment.objects.get(person=person).status == "invited"

    @pytest.mark.parametrize("text", CASE["searches"])
    def test_list_filter_finds_the_person(self, cast, text):
        cast.employment(cast.person("穆夜班"))
        assert "穆夜班" in client_of(cast.hr).get("/employments/", {"name": text}).content.decode()

    def test_gate_search_finds_the_person(self, cast):
        cast.assignment(cast.employment(cast.person("白建军")))
        page = client_of(cast.gc_pm).get("/site/scan/people/", {"q": self.CASE["gate_search"]}).content.decode()
        assert "白建军" in page

    def test_personal_login_reads_the_phone(self, visitor):
        assert visitor.post("/login/person/", {"phone": self.CASE["login_phone"]}).status_code == 302


class TestPhones:
    """10"""

    CASE = case("10")

    @pytest.mark.parametrize("phone", [*CASE["login"], "（＋86）154-3588-9942", "0086 154 3588 9942"])
    def test_login_reads_the_phone(self, visitor, phone):
        assert visitor.post("/login/person/", {"phone": phone}).status_code == 302
        assert 'maxlength="1' not in visitor.get("/login/person/").content.decode().split('name="phone"')[1][:200]

    def test_table_reads_the_phones(self, cast):
        heads = ["姓名", "身份证号", "手机号", "工种"]
        rows = [[f"工{'甲乙丙'[n]}", invented_id(720 + n), text, "木工"] for n, text in enumerate(self.CASE["table"])]
        assert problems(upload("employments", cast.hr, heads, *rows)) == {}

    def test_phone_has_eleven_digits_at_last(self):
        assert [cleaning.phone(text) for text in self.CASE["table"]] == ["15400990725", "15400990726", "15400990727"]


@pytest.mark.parametrize("given", case("13")["typed"])
class TestMissingDot:
    """13"""

    NAME = case("13")["card"]

    def test_invitation_hints_at_the_dot(self, cast, given):
        number = cast.person(self.NAME).id_number.plain
        answer = client_of(cast.hr).post("/employments/new/", {"name": given, "number": number})
        page = answer.content.decode()
        assert answer.status_code == 422 and "R-07" in page and self.NAME in page

    def test_table_hints_at_the_dot(self, cast, given):
        number = cast.person(self.NAME).id_number.plain
        found = problems(upload("employments", cast.hr, ["姓名", "身份证号", "工种"], [given, number, "木工"]))
        assert found == {2: {"name": "姓名与身份证号不一致（R-07）：艾力·买买提?"}}


def test_characters_that_look_the_same_are_found_in_lists(cast):
    """16"""
    here = case("16")
    cast.employment(known(cast, here["registered"], invented_id(730)))
    cast.employment(cast.person(here["radicals"]["means"]))
    cast.employment(known(cast, here["private_use"]["registered"], invented_id(731)))
    texts = (here["searched"], here["radicals"]["search"], here["private_use"]["means"])
    assert [employments(cast.hr, name=text).count() for text in texts] == [1, 1, 1]


def known(cast, name: str, number: str) -> Person:
    """A verified person with this number."""
    person = cast.person(name)
    person.identify(parse(number), name)
    person.save()
    return person


class TestDates:
    """08"""

    def test_fraction_of_a_serial_is_a_day_and_seven_digits_are_none(self, cast):
        item = upload("employments", cast.hr, content=book("08"))
        (half,) = imports.rows_of(item, values=True)
        assert (half.values["name"], half.values["contract_end"]) == ("穆日半", date(2026, 3, 31))
        assert list(problems(item)[3]) == ["contract_start"]
        assert "几个日期" in problems(item)[3]["contract_start"]

    def test_preview_shows_the_outcome(self, cast):
        item = upload("employments", cast.hr, content=book("08"))
        page = client_of(cast.hr).get(f"/imports/files/{item.pk}/").content.decode()
        assert "2026-03-31" in page and "46112" not in page

    @pytest.mark.parametrize(
        ("kind", "text", "day"),
        [
            ("n", "46112.5", date(2026, 3, 31)),
            ("n", "46111.9999999", date(2026, 3, 31)),
            ("n", "20260331", date(2026, 3, 31)),
            ("s", "2026/3/31 08:30", date(2026, 3, 31)),
            ("s", "2026 3 31", date(2026, 3, 31)),
            ("s", "2026年3月31日", date(2026, 3, 31)),
            ("n", "2026111", None),
            ("s", "202611", None),
            ("s", "0226-03-31", None),
            ("s", "2206-03-31", None),
            ("n", "1e300", None),
        ],
    )
    def test_day_is_read_or_refused(self, kind, text, day):
        if day:
            assert cells.day(cells.Cell(kind, text)) == day
        else:
            with pytest.raises(cells.BadCell):
                cells.day(cells.Cell(kind, text))


class TestHeadings:
    """07, 07b"""

    @pytest.mark.parametrize(
        ("name", "asked"), [("07", ["紧急联系人姓名", "紧急联系人电话"]), ("07b", ["电话（家属）"])]
    )
    def test_qualified_heading_is_asked_and_never_the_workers(self, cast, name, asked):
        item = upload("employments", cast.hr, content=book(name))
        head = imports.head_of(item)
        assert item.status == "mapping" and [head.headings[place] for place in head.doubtful] == asked
        assert sorted(head.found.values()) == ["name", "number", "trade"]
        page = client_of(cast.hr).get(f"/imports/files/{item.pk}/columns/").content.decode()
        assert "、".join(asked) in page

        item = imports.assign_columns(item, head.names, by=cast.hr)
        assert {row.values["phone"] for row in imports.rows_of(item, values=True)} == {""}
        again = upload("employments", cast.hr, content=book(name))
        assert again.status == "checked" and {row.values["phone"] for row in imports.rows_of(again, values=True)} == {
            ""
        }

    @pytest.mark.parametrize("heads", [(["联系电话", ""], ["家属", "本人"]), (["联系电话", ""], ["本人", "家属"])])
    def test_sub_heading_says_whose_phone_it_is(self, cast, heads):
        upper, lower = heads
        lines = [["姓名", "身份证号", *upper], ["", "", *lower]]
        phones = {"本人": "15499000740", "家属": "15499000741"}
        item = upload("employments", cast.hr, *lines, ["工甲", invented_id(740), *(phones[each] for each in lower)])
        head = imports.head_of(item)
        assert [head.headings[place] for place in head.doubtful] == ["联系电话家属"]
        item = imports.assign_columns(item, head.names, by=cast.hr)
        assert imports.rows_of(item, values=True)[0].values["phone"] == phones["本人"]

    @pytest.mark.parametrize("heading", ["手机号（本人）", "手机号 (11位)", "手机号【必填】", "手机号（请填写本人的）"])
    def test_remark_in_brackets_leaves_the_meaning(self, cast, heading):
        line = ["工甲", invented_id(741), "15499000742"]
        item = upload("employments", cast.hr, ["姓名", "身份证号", heading], line)
        assert imports.rows_of(item, values=True)[0].values["phone"] == "15499000742"

    @pytest.mark.parametrize(
        "heading", ["姓名（担保人）", "姓名[父亲]", "手机号（紧急）", "手机（班组长）", "电话（单位）"]
    )
    def test_other_word_in_brackets_is_asked(self, cast, heading):
        item = upload("employments", cast.hr, ["姓名", "身份证号", heading], ["工甲", invented_id(742), "工乙"])
        assert item.status == "mapping"

    @pytest.mark.parametrize("title", [["安泰劳务花名册", "", "2026年3月"], ["联系人：王五", "", ""], ["人员信息"]])
    def test_title_over_the_headings_qualifies_none(self, cast, title):
        lines = [title, ["姓名", "身份证号", "手机号"], ["工甲", invented_id(743), "15499000743"]]
        item = upload("employments", cast.hr, *lines)
        assert (item.status, item.good) == ("checked", 1)
        assert imports.rows_of(item, values=True)[0].values["phone"] == "15499000743"


@pytest.mark.parametrize(("text", "right"), [("2026-03-31", True), ("２０２６-03-31", True), ("0226-03-31", False)])
def test_day_of_a_form_has_bounds(cast, text, right):
    assert RosterFilter({"entered_from": text}).is_valid() is right


class TestForeigner:
    """12"""

    CASE = case("12")
    NUMBER, NAME = CASE["reading"]["number"], CASE["reading"]["name"]

    def test_reader_registers_the_holder(self, cast):
        reading = self.CASE["reading"] | {"id": uuid4().hex, "way": "serial", "reader": "样机"}
        answer = client_of(cast.hr).post("/reader/", {"reading": json.dumps(reading)})
        person = Person.objects.get()
        assert answer.status_code == 302
        assert (person.document_kind, person.name, person.verified) == ("foreigner", self.NAME, True)
        assert (person.birth_date, person.sex, person.valid_to) == (date(1985, 3, 12), "1", date(2034, 5, 19))

    def test_form_registers_the_holder(self, desk):
        card = {"number": self.NUMBER, "name": self.CASE["latin_name"], "birth_date": "1985-03-12"}
        assert client_of(desk.gc_pm).post("/stays/desk/irregular/", at_desk(desk, **card)).status_code == 200
        person = Stay.objects.get().person
        assert (person.document_kind, person.name) == ("foreigner", "John Smith")

    def test_table_registers_the_holder(self, cast):
        heads = ["姓名", "身份证号", "证件类型", "工种"]
        line = [*self.CASE["table_row"], "外国人永久居留身份证", "木工"]
        done = commit(upload("employments", cast.hr, heads, line), cast.hr)
        person = Person.objects.get(name=self.NAME)
        assert (done.created, person.document_kind) == (1, "foreigner")

    def test_other_kind_in_the_table_is_refused(self, cast):
        heads = ["姓名", "身份证号", "证件类型"]
        found = problems(upload("employments", cast.hr, heads, [*self.CASE["table_row"], "护照"]))
        assert found == {2: {"document": "证件号是外国人永久居留身份证的，请对照证件核对"}}


@pytest.mark.parametrize(
    ("number", "kind", "more"),
    [
        (complete("81990019900312001"), "hk_macau", {}),
        (complete("82990019900312001"), "hk_macau", {}),
        (complete("83990019900312001"), "taiwan", {}),
        ("XXA990090031201", "foreigner", {}),
        ("E12345678", "passport", {}),
        ("123456789", "passport", {"document_kind": "passport"}),
    ],
)
def test_each_kind_of_document_is_registered_by_form(desk, number, kind, more):
    card = {"number": number, "name": "样例人", "birth_date": "1990-03-12", "sex": "1"} | more
    answer = client_of(desk.gc_pm).post("/stays/desk/irregular/", at_desk(desk, **card))
    assert answer.status_code == 200
    person = Person.objects.get(name="样例人")
    assert (person.document_kind, person.birth_date, person.sex) == (kind, date(1990, 3, 12), "1")
    assert Person.by_id_number(number) == person
    assert Person.objects.filter(matching(number, desk.gc_pm)).get() == person


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"number": "XXA990085031201"}, "出生日期"),  # another birthday
        ({"number": "E12345678", "sex": ""}, "请填写：性别"),
        ({"number": "E12345678", "document_kind": "taiwan"}, "R-03"),
        ({"number": complete("81990019900312001"), "document_kind": "passport"}, "R-03"),
        ({"number": "999999199003120011"}, "R-03"),  # check character
        ({"number": complete("91999919900312001")}, "R-03"),  # no province of application
        ({"number": "123456789"}, "18 位"),  # a passport only by choice
    ],
)
def test_document_that_does_not_agree_is_refused(desk, change, refused):
    card = {"number": "E12345678", "name": "样例人", "birth_date": "1990-03-12", "sex": "1"} | change
    answer = client_of(desk.gc_pm).post("/stays/desk/irregular/", at_desk(desk, **card))
    assert answer.status_code == 422 and refused in answer.content.decode()
    assert not Stay.objects.exists()


class TestRenamed:
    """14"""

    CASE = case("14")
    REASON = "本人改名后换领了新证"

    @pytest.fixture
    def person(self, cast):
        person = known(cast, self.CASE["registered"]["name"], self.CASE["registered"]["number"])
        person.valid_from = date(2020, 1, 2)
        person.save()
        cast.employment(person)
        return person

    def read(self, actor, **more):
        number = self.CASE["new_card"]["number"]
        card = {"kind": "resident", "number": number, "name": self.CASE["new_card"]["name"], "valid_from": "2026-03-02"}
        reading = card | {"id": uuid4().hex, "way": "serial", "reader": "样机"} | more
        return client_of(actor).post("/reader/", {"reading": json.dumps(reading), "renaming": self.REASON})

    def test_reason_is_asked_first(self, cast, person):
        card = {"kind": "resident", "id": uuid4().hex, "way": "serial", "valid_from": "2026-03-02"}
        reading = json.dumps(card | self.CASE["new_card"])
        page = client_of(cast.hr).post("/reader/", {"reading": reading})
        assert page.status_code == 422 and "R-07" in page.content.decode() and "更名原因" in page.content.decode()
        assert "更名原因" not in client_of(cast.hr).get("/reader/").content.decode()

    def test_new_card_brings_the_new_name(self, cast, person):
        assert self.read(cast.hr).status_code == 302
        person.refresh_from_db()
        assert (person.name, person.former_name) == ("艾力·卡德尔", "艾力·买买提")
        assert employments(cast.hr, name="卡德尔").count() == 1
        (entry,) = AuditEntry.objects.filter(event="person.renamed")
        assert str(entry) == f"陈人事凭新证件把艾力·买买提的姓名改为艾力·卡德尔：{self.REASON}"
        assert InboxItem.objects.filter(person=person, title="陈人事凭新证件更改了您的姓名").exists()

    def test_older_card_brings_no_name(self, cast, person):
        assert "不比登记的证件新" in self.read(cast.hr, valid_from="2019-03-02").content.decode()
        assert self.read(cast.hr, valid_from=None).status_code == 422

    def test_person_without_employer_is_renamed_at_any_desk(self, cast, person):
        person.employments.update(status="ended", ended_at=timezone.now())
        assert self.read(cast.stranger_hr).status_code == 302
        person.refresh_from_db()
        assert person.former_name == "艾力·买买提"

    def test_strangers_take_over_no_name(self, cast, person):
        assert self.read(cast.stranger_hr).status_code == 403
        person.refresh_from_db()
        assert (person.name, person.former_name) == ("艾力·买买提", "")
