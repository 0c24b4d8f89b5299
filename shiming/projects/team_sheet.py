"""The Excel kind 班组."""

from dataclasses import replace

from shiming.core.actor import COMPANY_ROLES, Actor
from shiming.core.refusals import refusal
from shiming.dictionaries import queries as dictionaries
from shiming.imports.cells import one_of, text, yes
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.commands.guessing import count_told
from shiming.people.models import Person
from shiming.people.sheet_columns import NAME_HEADS, guesses, id_number, known, name, names_agree
from shiming.projects.commands.importing import take_over_team

LEADER_HEADS = ("班组长", "劳务队长", "队长", "组长", "负责人", "班组负责人", "班长", "带班", "劳务队长姓名")


def leaders_fit(rows: list[Row], by: Actor) -> None:
    """Check that a leader is registered under this name (R-06, R-07) and has a phone (R-12)."""
    found = known(row.values["leader_number"] for row in rows)
    named = [row for row in rows if row.values["leader_number"]]
    names_agree(named, "leader_number", "leader_name", found=found)
    reachable = set(
        Person.objects.filter(pk__in=[p.pk for p in found.values()]).exclude(phone_digest="").values_list("pk")
    )
    for row in named:
        person = found.get(row.values["leader_number"])
        if person is None:
            row.refuse("R-06", "leader_number")
        elif (person.pk,) not in reachable:
            row.refuse(replace(refusal("R-12"), hint="：请本人先登记手机号"), "leader_number")


register(
    Sheet(
        "teams",
        "班组",
        columns=(
            Column(
                "name",
                "班组名称",
                text(60),
                required=True,
                aliases=("班组", "劳务队", "劳务队名称", "施工队", "施工班组", "队伍", "所属劳务队", "TEAM"),
                example="王班组",
                width=26,
            ),
            Column(
                "trade",
                "工种",
                one_of(lambda: dictionaries.every("trade")),
                aliases=("主要工种", "班组工种", "从事主要工种", "TRADE"),
                choices=lambda: [label for _, label in dictionaries.choices("trade")],
                width=24,
            ),
            Column("leader_name", "班组长姓名", name, aliases=(*LEADER_HEADS, *NAME_HEADS, "姓名")),
            Column(
                "leader_number",
                "班组长身份证号",
                id_number,
                aliases=("班组长证件号", "劳务队长身份证号", "身份证号", "身份证号码", "证件号", "证件号码"),
                secret=True,
                width=24,
                guesses=guesses,
            ),
            Column(
                "off_site",
                "非现场作业人员",
                yes,
                aliases=("班组长为非现场作业人员", "是否非现场作业人员"),
                choices=lambda: ["是", "否"],
            ),
        ),
        key=("name",),
        check=leaders_fit,
        count=count_told,
        save=take_over_team,
        roles=COMPANY_ROLES,
        note="班组名称相同的更新，没有的新建；班组长写身份证号，须已建档。",
    )
)
