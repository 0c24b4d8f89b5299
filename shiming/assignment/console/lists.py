"""The columns of the lists, shared by company and site."""

from django.urls import reverse

from shiming.assignment import positions
from shiming.web.table import Column

PERSON = Column("姓名", "person.name", href=lambda row: reverse("assignment-show", args=[row.pk]))
ID_NUMBER = Column("身份证号", "person.id_number", kind="id")
COMPANY = Column("所属单位", "participation.company.name", nowrap=False)
PROJECT = Column("项目名称", "project.name", nowrap=False)
ROLE = Column("角色", render=lambda row: positions.label(row.role))
SEX = Column("性别", "person.get_sex_display")
TRADE = Column("从事主要工种", "trade")
TEAM = Column("班组", "team.name")
PHONE = Column("联系电话", render=lambda row: phone(row.employment, row.person), kind="id")
ALLOCATED = Column("分配日期", "allocated_on", kind="date", sort="allocated")
LODGES = Column("是否住宿在工地", "lodges_on_site", kind="flag")
STATUS = Column("确认状态", "status", kind="state")
NOTE = Column("不通过原因", "decision_note", nowrap=False)

SORTS = {"allocated": ("allocated_on", "pk")}
EMPLOYEES = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("身份", "get_kind_display"),
    TRADE,
    TEAM,
    Column("联系电话", render=lambda row: phone(row, row.person), kind="id"),
]
ALLOCATED_PEOPLE = [PERSON, ID_NUMBER, COMPANY, PROJECT, ROLE, TEAM, ALLOCATED, STATUS, NOTE]


def phone(employment, person):
    """The phone number that the site calls: the one the company keeps, else the one of the login."""
    return employment.contact_phone or person.phone
