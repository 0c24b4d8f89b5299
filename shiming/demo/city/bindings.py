"""The sites that an implementing unit audits [004]: a binding in every state, made by the commands of the last days.

One table row is one person: what they are, how they proved to be there, and how far the binding went.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from shiming.assignment import commands as assigning
from shiming.assignment.models import Assignment
from shiming.attachments import commands as attachments
from shiming.attachments.holders import Holder
from shiming.attachments.models import SOCIAL_PROOF
from shiming.binding import commands as binding
from shiming.binding.mobile import notice
from shiming.binding.self_forms import commands as self_forms
from shiming.core.actor import Actor
from shiming.demo import invented
from shiming.demo.city.citizens import Citizen
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY
from shiming.demo.city.plan import Place, Site
from shiming.demo.city.town import Town
from shiming.demo.fonts import chinese
from shiming.employment import commands as employing
from shiming.employment.models import Employment
from shiming.faces import commands as faces
from shiming.people import commands as people
from shiming.people.models import Person
from shiming.presence import commands as gate
from shiming.projects import commands as projects
from shiming.projects.policies import AUDIT_BIND

FACE, HAND, WITHDRAWN, NEITHER = "face", "hand", "withdrawn", ""


@dataclass(frozen=True)
class Part:
    """One person to be bound: position or trade, proof of presence, days of the 社保缴费证明, how far it goes."""

    work: str
    stood: str
    goes: str = ""  # "submit", "accept", "reject", "again", "exit", "moved"; else a draft
    proof: int = 0


ENROLLER = "劳务员"  # the manager who registers faces on the phone, without an own one yet
MANAGERS = (
    Part("安全员", HAND, "accept", 12),
    Part("质量员", FACE, "accept", 47),
    Part("施工员", FACE, "submit", 20),
    Part("资料员", HAND, "reject", 15),
    Part("材料员", HAND, "", 69),  # the proof of social security has expired
    Part("测量员", HAND),  # not uploaded yet
    Part(ENROLLER, NEITHER, "", 10),
    Part("机械员", HAND, "moved", 30),
)
WORKERS = (
    Part("钢筋工", FACE, "accept"),
    Part("钢筋工", HAND, "accept"),
    Part("木工", FACE, "exit"),
    Part("木工", HAND, "submit"),
    Part("架子工", FACE, "submit"),
    Part("架子工", HAND, "reject"),
    Part("油漆工", FACE, "again"),
    Part("油漆工", FACE),
    Part("木工", WITHDRAWN),
    Part("钢筋工", NEITHER),
)
A_FEW_MANAGERS = (Part("安全员", HAND, "accept", 25), Part(ENROLLER, NEITHER, "", 18))
A_FEW_WORKERS = (Part("木工", HAND, "accept"), Part("钢筋工", HAND, "submit"), Part("架子工", NEITHER))
FILED_ONLY = 1
# One place uses all of them, three others a few each; QR forms use people of another fate.
PEOPLE = len(MANAGERS) + len(WORKERS) + FILED_ONLY + 2 * (len(A_FEW_MANAGERS) + len(A_FEW_WORKERS)) + 1

REFUSALS = {"资料员": "社保缴费证明的单位与参建单位不一致", "架子工": "正证照不是本人近照"}
DISCARDED = "不是本单位的工人，请到所在班组的单位扫码"


def audited(town: Town) -> None:
    """Fill two projects audited by the 实施单位: managers and workers registered or scanned, submitted and audited."""
    first, second = [site for site in town.plan.sites if site.flow == AUDIT_BIND.code][:2]
    _file_officials(town, first, second)
    _bind(town, first.contractor, MANAGERS, WORKERS)
    _bind(town, first.labour[0], A_FEW_MANAGERS, A_FEW_WORKERS)
    _bind(town, second.contractor, A_FEW_MANAGERS, A_FEW_WORKERS)
    _move_out(town, first.contractor, second.contractor)
    _file_only(town, first.contractor)
    _scan_the_poster(town, first.contractor)
    supervision = next(place for place in first.places if place.row.kind == "supervision")
    _bind(town, supervision, (Part("安全员", HAND, "submit", 33),), ())


# register, file, prove presence


def _bind(town: Town, place: Place, managers: tuple[Part, ...], workers: tuple[Part, ...]) -> None:
    parts = (*managers, *workers)
    cast = list(zip(town.take("to_be_bound", len(parts)), parts, strict=False))
    heads, hands = cast[: len(managers)], cast[len(managers) :]
    for life, part in heads:
        _register_manager(town, place, life, part)
    town.do(8, 15, binding.sync, place.row, by=place.firm.clerk)
    for life, part in hands:
        given = {"trade": part.work, "contact_phone": life.someone.phone, "profile": _about(life)}
        town.do(8, town.hour(), binding.add_worker, place.row, life.someone.id_number, life.name,
                by=place.firm.clerk, **given)  # fmt: skip
    enroller = next((life.himself for life, part in heads if part.work == ENROLLER), None)
    for life, part in cast:
        _stand(town, place, life, part, enroller)
    _submit_and_answer(town, place, cast)


def _register_manager(town: Town, place: Place, life: Life, part: Part) -> None:
    """Register a manager with all data and the social proof, and file the manager with the contract."""
    clerk, today = place.firm.clerk, town.plan.today
    work = {
        "duty": part.work,
        "title": "助理工程师",
        "social_insurance": "已在本单位缴纳",
        "contact_phone": life.someone.phone,
    }
    items = _items(today) if part.goes == "accept" else {"schools": _items(today)["schools"]}
    town.do(9, town.hour(), employing.register_manager, life.someone.id_number, name=life.name, work=work,
            about=_about(life) | {"education": "本科"}, items=items, by=clerk)  # fmt: skip
    _file(town, place, life.citizen, part.work)
    if part.proof:
        person = life.citizen.person
        holder = Holder(place.firm.company.pk, person.id_digest, person.name)
        given = {"kind": SOCIAL_PROOF, "name": "社保缴费证明.pdf", "whole": _paper()}
        town.do(8, 11, attachments.take, holder, issued_on=today - part.proof * DAY, by=clerk, **given)


def _file_officials(town: Town, *sites: Site) -> None:
    """List the 项目负责人 and operators, bound long ago, among the people filed with the contract."""
    for place in (place for site in sites for place in site.places if place.filing):
        filed = [("总监" if place.row.kind == "supervision" else "项目经理", place.manager)]
        for position, citizen in (*filed, *((ENROLLER, operator) for operator, _, _ in place.operators)):
            _file(town, place, citizen, position)


def _file(town: Town, place: Place, citizen: Citizen, position: str) -> None:
    filed = {"contract": place.filing.number, "number": citizen.invented.id_number, "name": citizen.name}
    filed |= {"position": position, "phone": citizen.invented.phone, "since": place.site.starts, "until": None}
    town.do(10, 10, projects.take_over_filed_person, filed, by=town.plan.admin)


def _stand(town: Town, place: Place, life: Life, part: Part, enroller: Actor | None) -> None:
    """Register a face or do 人工核验.

    The demonstration has no camera: consent and result are noted, no template is kept.
    """
    person, clerk = _person(life), place.firm.clerk
    if part.stood == HAND:
        check = town.do(7, town.hour(), faces.ask_check, person, place="项目部办公室", by=clerk)
        town.do(6, 8.5, faces.confirm_check, check, by=place.firm.hr)
    if part.stood in (FACE, WITHDRAWN):
        at = town.hour()
        town.do(7, at, faces.agree, person, by=enroller)
        town.do(7, at, people.note_face, person, by=enroller)
    if part.stood == WITHDRAWN:
        town.do(2, 19.5, faces.withdraw, person, by=life.himself)
    if part.stood == NEITHER and part.work == "钢筋工":
        town.do(1, 16, faces.ask_check, person, place="工地门口", by=clerk)


# submit, audit, leave


def _submit_and_answer(town: Town, place: Place, cast: list[tuple[Life, Part]]) -> None:
    """In the order of the days, many at once as on the pages."""
    clerk, auditor = place.firm.clerk, place.site.auditor

    def those(*goes: str) -> list[Assignment]:
        return [_binding(life, place) for life, part in cast if part.goes in goes]

    _all(town, assigning.submit, 6, those("accept", "reject", "again", "exit", "moved"), by=clerk)
    _all(town, assigning.accept, 5, those("accept", "exit", "moved"), by=auditor)
    for row in those("reject", "again"):
        note = REFUSALS.get(row.role if row.is_manager else row.trade, "工种与现场作业不符")
        _all(town, assigning.reject, 5, [row], note=note, by=auditor)
    for row in those("again"):
        town.do(4, 10, binding.correct_worker, row, trade="抹灰、镶贴工", profile={}, by=clerk)
    _all(town, assigning.submit, 3, those("again"), by=clerk)
    _all(town, assigning.submit, 1, those("submit"), by=clerk)
    _all(town, gate.unbind, 1, those("exit"), reason="本工序完工", by=clerk)


def _move_out(town: Town, place: Place, other: Place) -> None:
    """Release managers (离职迁出), which ends their bindings, and register them at another company."""
    gone = Employment.objects.filter(company=place.firm.company.pk, kind="manager", duty="机械员", status="active")
    for row in gone.select_related("person"):
        person, clerk = row.person, place.firm.clerk
        town.do(2, 10.5, employing.release, row, reason="调到另一家单位", by=clerk)
        work = {"duty": "机械员", "title": "助理工程师", "contact_phone": person.phone.plain}
        fields = ("ethnicity", "household_place", "native_place", "education")
        about = {name: getattr(person, name) for name in fields}
        about |= {"residence": person.residence.plain, "residence_detail": person.residence_detail.plain}
        town.do(1, 9.5, employing.register_manager, person.id_number.plain, name=person.name, work=work, about=about,
                by=other.firm.clerk)  # fmt: skip


def _file_only(town: Town, place: Place) -> None:
    """File people with the contract who are not yet registered by the company."""
    for life in town.take("to_be_bound", FILED_ONLY):
        _file(town, place, life.citizen, "标准员")


def _scan_the_poster(town: Town, place: Place) -> None:
    """Let three people scan the 项目二维码: one form is taken, one discarded, this morning's waits."""
    scanned = [*town.take("scans_poster", 2), *town.take("to_be_bound", 1)]
    clerk = place.firm.clerk
    forms = []
    for life, days in zip(scanned, (4, 3, 0.2), strict=False):
        given = {"id_number": life.someone.id_number, "phone": life.someone.phone, "trade": "钢筋工"}
        given |= _about(life) | {"household_type": "农村户口", "political_status": "群众"}
        given.pop("education")
        forms.append(town.do(days, 7.2, self_forms.send, place.row, name=life.name, notice_version=notice.VERSION,
                             **given))  # fmt: skip
        if days == 4:
            _all(town, self_forms.take, days - 1, forms, by=clerk)
        if days == 3:
            town.do(days - 1, 9, self_forms.discard, forms[-1], reason=DISCARDED, by=clerk)


def _all(town: Town, command, days: float, rows: list, **more) -> None:
    """A command over many rows; the rows it refuses go into `refused` as well."""
    if not rows:
        return
    result = town.do(days, town.hour(), command, rows, **more)
    town.refused += [f"{command.__name__} {name}: {error}" for name, error in result.refused] if result else []


def _person(life: Life) -> Person:
    return Person.objects.get(pk=life.citizen.person.pk)


def _binding(life: Life, place: Place) -> Assignment:
    rows = Assignment.objects.filter(person=life.citizen.person.pk, participation=place.row.pk)
    return rows.select_related("person", "participation__project", "project", "employment").latest("created_at")


def _about(life: Life) -> dict[str, str]:
    person = life.citizen.person
    about = {"ethnicity": person.ethnicity, "household_place": person.household_place, "education": person.education}
    about |= {"native_place": person.native_place, "residence": person.residence.plain[:6]}
    return about | {"residence_detail": person.residence.plain[6:]}


def _items(today: date) -> dict[str, list[dict]]:
    """The six repeating blocks of 管理人员登记; one certificate runs out within a month."""
    on = lambda days: today - timedelta(days=days)  # noqa: E731
    phone = next(invented.phone_numbers(404))
    return {
        "schools": [{"school": "澜汀建筑职业学院", "started_on": on(4900), "finished_on": on(3800),
                     "major": "建筑工程技术", "graduated": True}],
        "contacts": [{"relation": "配偶", "name": "家属", "phone": phone}],
        "training": [{"institution": "澜汀市建设培训中心", "course": "住宅修缮安全管理", "taken_on": on(200),
                      "result": "合格"}],
        "skills": [{"name": "助理工程师", "level": "助理级", "issuer": "澜汀市人社局", "obtained_on": on(1500)}],
        "credentials": [{"number": "LT-AQ-0417", "name": "安全员证", "issuer": "澜汀市建委", "valid_until": on(-24)}],
        "awards": [{"name": "安全文明标兵", "issuer": "澜汀市建设集团", "awarded_on": on(320)}],
    }  # fmt: skip


@lru_cache
def _paper() -> bytes:
    """A specimen 社保缴费证明, a PDF of one page."""
    page = Image.new("RGB", (620, 877), "#fdfdfb")
    pen = ImageDraw.Draw(page)
    pen.text((310, 150), "社会保险缴费证明", font=chinese(36), fill="#1c1c20", anchor="mm")
    pen.text((310, 440), "样例 SAMPLE", font=chinese(64), fill="#d9b7b3", anchor="mm")
    pen.text((310, 800), "为演示而画，不是真的证明", font=chinese(18), fill="#5f6a70", anchor="mm")
    out = BytesIO()
    page.save(out, "PDF", resolution=75)
    return out.getvalue()
