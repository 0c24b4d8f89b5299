"""完善建筑工人信息：必填、班组长、合同日期、工资卡、同时修改。"""

from datetime import date
from decimal import Decimal

import pytest

from shiming.core.audit import trail_of
from shiming.core.errors import Conflict, DomainError
from shiming.employment import commands
from shiming.employment.commands.profile import luhn
from shiming.employment.models import Employment
from shiming.projects.models import Team
from tests.doors import client_of

CARD = "6222021234567890128"


@pytest.fixture
def hired(cast):
    return cast.employment(kind="", profile_completed=False, trade="")


def complete(cast, employment, kind="worker", seen=None, **fields):
    given = {"trade": "钢筋工", "team": cast.team()} if kind == "worker" else {"duty": "安全员"}
    return commands.complete_profile(employment, kind=kind, by=cast.hr, seen=seen, **(given | fields))


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    return [(item.code, item.sentence) for item in caught.value.refusals], caught.value.field


def test_worker_profile_with_all_fields_saved(cast, hired):
    fields = {
        "certificate_type": "建筑施工特种作业操作资格证",
        "is_safety_assistant": True,
        "contract_start": date(2026, 3, 1),
        "contract_end": date(2027, 2, 28),
        "is_temporary": False,
        "day_rate": Decimal("320.00"),
        "bank": "建设银行滨江支行",
        "bank_card": CARD,
        "contact_phone": "15499000001",
    }
    complete(cast, hired, **fields)
    kept = Employment.objects.get(pk=hired.pk)

    assert (kept.kind, kept.trade, kept.team, kept.profile_completed) == ("worker", "钢筋工", cast.team(), True)
    assert {name: getattr(kept, name) for name in fields if name not in ("bank_card", "contact_phone")} == {
        name: value for name, value in fields.items() if name not in ("bank_card", "contact_phone")
    }
    assert (str(kept.bank_card), kept.bank_card.plain, str(kept.contact_phone)) == ("622*****128", CARD, "154*****001")
    assert [str(entry) for entry in trail_of(kept)] == ["陈人事完善张三的信息（建筑工人）"]


def test_manager_profile_with_all_fields_saved(cast, hired):
    complete(cast, hired, "manager", title="工程师", social_insurance="已在本单位缴纳")
    kept = Employment.objects.get(pk=hired.pk)
    assert (kept.kind, kept.duty, kept.title, kept.social_insurance, kept.trade) == (
        ("manager", "安全员", "工程师", "已在本单位缴纳", "")
    )


@pytest.mark.parametrize(
    ("kind", "fields", "code", "sentence", "field"),
    [
        ("worker", {"trade": ""}, "R-10", "请填写：从事主要工种", "trade"),
        ("manager", {"duty": ""}, "R-10", "请填写：职务", "duty"),
        ("worker", {"team": None}, "R-14", "请选择班组长", "team"),
        ("worker", {"contact_phone": "1380000"}, "R-13", "手机号应为 11 位", "contact_phone"),
        (
            "worker",
            {"contract_start": date(2026, 3, 1), "contract_end": date(2026, 2, 28)},
            "R-11",
            "劳动合同失效日期早于生效日期",
            "contract_end",
        ),
    ],
)
def test_invalid_profile_is_refused_at_field(cast, hired, kind, fields, code, sentence, field):
    assert refused(lambda: complete(cast, hired, kind, **fields)) == ([(code, sentence)], field)
    assert not Employment.objects.get(pk=hired.pk).profile_completed


def test_leader_needs_phone_but_no_leader(cast, hired):
    cast.zhang.phone, cast.zhang.phone_digest = None, ""
    cast.zhang.save()
    leader = {"is_leader": True, "team": None}
    assert refused(lambda: complete(cast, hired, **leader)) == (
        [("R-12", "劳务队长（班组长）必须填写手机号")],
        "contact_phone",
    )
    assert complete(cast, hired, **leader, contact_phone="15499000001").is_leader


def test_first_worker_of_a_firm_without_teams_needs_no_leader(cast, hired):
    assert not Team.objects.filter(company=cast.antai).exists()
    first = commands.complete_profile(hired, kind="worker", trade="钢筋工", is_leader=False, by=cast.hr)
    assert (first.profile_completed, first.is_leader, first.team) == (True, False, None)


def test_other_kind_keeps_what_was_typed(cast, hired):
    page = client_of(cast.hr).post(
        f"/employments/{hired.pk}/profile/?kind=manager",
        {"then": "kind", "bank": "某银行", "contract_start": "2026-03-01", "trade": "钢筋工", "version": hired.version},
    )
    form, html = page.context["form"], page.content.decode()
    assert (page.status_code, form.kind, form.errors) == (200, "manager", {})
    assert 'value="某银行"' in html and 'value="2026-03-01"' in html
    assert not Employment.objects.get(pk=hired.pk).profile_completed


def test_team_of_other_firm_is_refused(cast, hired):
    foreign = cast.team("远大班组", cast.yuanda)
    assert refused(lambda: complete(cast, hired, team=foreign))[0] == [("R-14", "请选择班组长")]


def test_profile_requires_employment(cast):
    invited = cast.employment(status="invited", started_at=None)
    assert refused(lambda: complete(cast, invited))[0] == [("R-19", "该人员未在本单位在职")]


def test_change_records_old_value_masks_card(cast, hired):
    first = complete(cast, hired, bank_card=CARD)
    complete(cast, first, trade="木工", bank_card="6222021234567890995")
    entry = trail_of(hired)[0]

    assert str(entry) == "陈人事修改张三的用工信息：从事主要工种、工资卡号"
    assert (entry.before, entry.after) == (
        {"trade": "钢筋工", "bank_card": "622*****128"},
        {"trade": "木工", "bank_card": "622*****995"},
    )


def test_empty_card_keeps_card_without_entry(cast, hired):
    complete(cast, hired, bank_card=CARD)
    complete(cast, hired, bank_card=None)
    kept = Employment.objects.get(pk=hired.pk)
    assert kept.bank_card.plain == CARD
    assert len(trail_of(kept)) == 1


def test_stale_profile_version_is_refused(cast, hired):
    opened = Employment.objects.get(pk=hired.pk).version
    complete(cast, hired, seen=opened)
    with pytest.raises(Conflict, match="内容已被他人更新，请刷新"):
        complete(cast, hired, trade="木工", seen=opened)


def test_manager_keeps_no_trade(cast, hired):
    complete(cast, hired, is_leader=True)
    kept = complete(cast, hired, "manager")
    assert (kept.trade, kept.team, kept.is_leader, kept.duty) == ("", None, False, "安全员")


@pytest.mark.parametrize(
    ("number", "fits"), [(CARD, True), ("6222021234567890123", False), ("", False), ("4111 1111 1111 1111", True)]
)
def test_bank_card_check_digit(number, fits):
    assert luhn(number) is fits


def test_missing_inputs_keep_their_values(cast):
    kept = {
        "bank": "工商银行",
        "contract_start": date(2025, 1, 1),
        "certificate_type": "",
        "day_rate": Decimal("320.00"),
    }
    row = cast.employment(team=cast.team(), **kept)
    client, url = client_of(cast.hr), f"/employments/{row.pk}/profile/?kind=worker"
    sent = {"version": row.version, "trade": "木工", "team": str(cast.team().pk)}

    assert client.post(url, sent).status_code == 302
    now = Employment.objects.get(pk=row.pk)
    assert (now.trade, now.bank, now.contract_start, now.day_rate) == (
        "木工",
        "工商银行",
        kept["contract_start"],
        kept["day_rate"],
    )

    assert client.post(url, sent | {"version": now.version, "bank": ""}).status_code == 302
    assert Employment.objects.get(pk=row.pk).bank == ""
