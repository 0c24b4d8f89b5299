"""The site door [000][001][002]: user type, ID number, phone, picture code, and a dynamic code valid for one day."""

from shiming.accounts import captcha, throttle
from shiming.accounts.authenticators.proof import Proof, tell_failure
from shiming.accounts.commands.codes import Purpose, check_code, send_code
from shiming.accounts.commands.users import user_of_person
from shiming.accounts.hats import ended_grants, site_hats
from shiming.accounts.models import User
from shiming.core.actor import Door, Role
from shiming.core.errors import Refused
from shiming.core.privacy import blind_index
from shiming.core.refusals import refusal
from shiming.people.models import Person
from shiming.web.kept_form import ended_because

# user type → roles available after login
USER_TYPES = {
    "pm": ("项目负责人", (Role.PM, Role.SUPERVISION_PM)),
    "operator": ("现场操作用户", (Role.SITE_OPERATOR,)),
}
PICTURE_PASSED = "picture_passed"


def request_code(request, *, id_number: str, phone: str, picture_code: str) -> None:
    """获取动态密码. Any request with a right picture code gets the same answer, so it reveals no account."""
    _check_picture(request, id_number, phone, picture_code)
    send_code(Purpose.SITE, phone, also=id_number)


def prove(request, *, door: Door, user_type: str, id_number: str, phone: str, picture_code: str, code: str) -> Proof:
    """Check the phone first, then the contract (R-15) or the running grant (R-16) that names the user."""
    account = throttle.account_key("site", f"{id_number}:{phone}")
    counter = throttle.counter(request, account)
    _check_picture(request, id_number, phone, picture_code)
    attempt = throttle.begin(counter)
    if not check_code(Purpose.SITE, phone, code, also=id_number):
        tell_failure(door, attempt)
        raise Refused("L-01", field="code")
    throttle.succeeded(counter)
    proof = _named_by_a_contract(id_number, blind_index("phone", phone), user_type, account)
    request.session.pop(PICTURE_PASSED, None)
    return proof


def _named_by_a_contract(id_number: str, phone_digest: str, user_type: str, account: str) -> Proof:
    _, roles = USER_TYPES[user_type]
    person = Person.by_id_number(id_number)
    if person is None:
        raise Refused("R-15")
    stranger = User(person=person, name=person.name)
    hats = [hat for hat in site_hats(stranger, person, phone_digest) if hat.actor.role in roles]
    if not hats:
        own_phone = person.phone_digest == phone_digest or person.grants.filter(phone_digest=phone_digest).exists()
        if user_type == "operator" and own_phone and (ended := ended_grants(person)):
            raise Refused("R-16", ended=ending_of(ended))
        raise Refused("R-15")
    return Proof(user_of_person(person), account, phone_digest, roles)


def _check_picture(request, id_number: str, phone: str, picture_code: str) -> None:
    """A right picture code stays valid for this number and phone until the login, while the dynamic code arrives."""
    session, claim = request.session, blind_index("picture_for", f"{id_number}:{phone}")
    if session.get(PICTURE_PASSED) == claim:
        return
    if not captcha.waived(session) and not captcha.matches(session, picture_code):
        raise Refused("L-04" if picture_code else "L-10", field="picture_code")
    session[PICTURE_PASSED] = claim


def ending_of(grants) -> str:
    """The blank of R-16, by the grant that ended last."""
    last = max(grants, key=lambda grant: (grant.ends_on, grant.created_at))
    return "已收回" if last.revoked_at else "已到期"


@ended_because
def grant_is_over(user_id: str) -> str:
    """R-16 on the entrance for an operator whose grant ended during the session."""
    person = Person.objects.filter(user__pk=user_id).first()
    if person is None or any(site_hats(User(person=person, name=person.name), person, person.phone_digest)):
        return ""
    ended = ended_grants(person)
    return refusal("R-16", ended=ending_of(ended)).sentence if ended else ""


def whom_to_ask(id_number: str) -> list[dict]:
    person = Person.by_id_number(id_number)
    return givers_of(person) if person else []


def givers_of(person: Person) -> list[dict]:
    """For R-16: project, giver and end date of each ended grant."""
    return [
        {"project": grant.participation.project.name, "giver": grant.given_by.name, "ended": grant.ends_on}
        for grant in ended_grants(person)
    ]
