"""06:30 at the gate: eighty people at one desk, without a mouse (beyond.md N9).

The clerk chooses firm, leader, trade, education and day once; then types a number, checks the portrait, presses Enter.
One worker is unknown and enters irregularly, one entry is undone, one worker comes twice.
"""

from datetime import date

from django.utils import timezone
from playwright.sync_api import expect

from shiming.core.models import AuditEntry
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id

PEOPLE = 80
PATIENCE = 20_000
POINTERS = """
window.pointed = 0;
for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
  addEventListener(kind, () => (window.pointed += 1), true);
}
"""


def test_eighty_people_enter_without_a_mouse(live, window):
    cast = live.cast
    assert cast.labour_place and cast.gc_pm
    team = cast.team()
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    people = [cast.person(f"工人{number}") for number in range(1, PEOPLE)]
    stranger = invented_id(499, date(1990, 5, 6))

    page = window("desk", cast.gc_pm)
    page.set_default_timeout(PATIENCE)
    page.add_init_script(POINTERS)
    page.goto("/stays/desk/queue/")
    choose_once(page, team)

    for count, person in enumerate(people, 1):
        enter(page, person.id_number.plain, person.name, count)

    comes_twice(page, people[-1])
    was_the_wrong_one(page, people[-1], PEOPLE - 2)
    enter(page, people[-1].id_number.plain, people[-1].name, PEOPLE - 1)
    unknown_and_irregular(page, stranger)

    everybody_is_accounted_for(people, stranger, team)
    assert page.evaluate("window.pointed") == 0


def choose_once(page, team):
    """Go from the focused number back to the first choice, and through all of them by keys."""
    for name in ("on", "education", "trade", "team", "place"):
        while page.evaluate("document.activeElement.name") != name:
            page.keyboard.press("Shift+Tab")
    type_choice(page, "place", "安泰劳务")
    type_choice(page, "team", team.name)
    type_choice(page, "trade", "钢筋工")
    type_choice(page, "education", "高中")
    while page.evaluate("document.activeElement.name") != "number":
        page.keyboard.press("Tab")


def type_choice(page, name, label):
    """Press ↓ until the wanted line is chosen."""
    while page.evaluate("document.activeElement.name") != name:
        page.keyboard.press("Tab")
    for _ in range(80):
        if label in page.evaluate("document.activeElement.selectedOptions[0].textContent"):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{label} is not to be found")


def enter(page, number, name, count):
    page.keyboard.insert_text(number)
    expect(page.locator("[data-who-slot] [data-who-name]")).to_have_text(name, timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(page.locator("[data-queue-count]")).to_have_text(str(count), timeout=PATIENCE)


def comes_twice(page, person):
    page.keyboard.insert_text(person.id_number.plain)
    expect(page.locator("[data-who-slot]")).to_contain_text("R-22")
    page.keyboard.press("Escape")


def was_the_wrong_one(page, person, left):
    page.keyboard.press("F9")
    expect(page.locator("[data-queue-answer]")).to_contain_text(f"已撤销{person.name}的进场")
    expect(page.locator("[data-queue-count]")).to_have_text(str(left))


def unknown_and_irregular(page, number):
    page.keyboard.insert_text(number)
    expect(page.locator("[data-who-slot]")).to_contain_text("R-06")
    page.keyboard.press("F2")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("身份证号")).to_have_value(number)
    type_into(page, "name", "新来的")
    type_into(page, "birth_date", "1990-05-06")
    for name, label in {"place": "安泰劳务", "education": "高中", "trade": "钢筋工"}.items():
        expect(dialog.locator(f"[name={name}] option:checked")).to_have_text(label)  # as chosen for the queue
    while page.evaluate("document.activeElement.textContent") != "添加":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("保存成功!")
    expect(page.locator("[data-queue-count]")).to_have_text(str(PEOPLE))
    page.keyboard.press("Escape")
    expect(page.locator("form[data-queue] [name=number]")).to_be_focused()
    expect(page.locator("form[data-queue] [name=number]")).to_have_value("")


def type_into(page, name, text):
    while page.evaluate("document.activeElement.name") != name:
        page.keyboard.press("Tab")
    if name == "birth_date":  # typed part by part, in the order this browser shows them
        return page.evaluate("text => { document.activeElement.value = text; }", text)
    page.keyboard.insert_text(text)
    return None


def everybody_is_accounted_for(people, stranger, team):
    stays = Stay.objects.select_related("person", "assignment__employment")
    numbers = {stay.person.id_number.plain for stay in stays if stay.on_site}
    assert numbers == {person.id_number.plain for person in people} | {stranger}
    assert stays.count() == PEOPLE
    assert {stay.assignment.team_id for stay in stays} == {team.pk}
    assert {stay.entered_on for stay in stays} == {timezone.localdate()}
    unverified = [stay.person.name for stay in stays if not stay.person.verified]
    assert unverified == ["新来的"]
    assert AuditEntry.objects.filter(event="stay.opened").count() == PEOPLE + 1
    assert AuditEntry.objects.filter(event="stay.undone").count() == 1
