"""One table from events to the notices they send.

Every event that decides something about a person reaches that person; firms and sites get what they must know or
answer. An event stands either in NOTICES or in SILENT, where the reason is written; a test checks this. Words in braces
come from the event: its parameters, `{by}` and `{reason}`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiming.core.events import Event
from shiming.projects import flows
from shiming.projects.flows import implementer_audits
from shiming.projects.queries import policy_of


class To(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    PROJECT = "project"


def always(subject, by, entry) -> bool:
    return True


def done_by_others(subject, by, entry) -> bool:
    """No notice to a person about their own action."""
    return by.person_id is None or by.person_id != entry.person_id


def employed(subject, by, entry) -> bool:
    """No second notice for a profile that the firm completed together with the invitation."""
    return subject.employed


def not_by_exit(subject, by, entry) -> bool:
    """The exit sends its own notice."""
    return entry.reason != "退场"


def not_by_employment(subject, by, entry) -> bool:
    """The end of an employment sends one notice, that of the employment."""
    return entry.reason not in ("退场", "聘用结束")


def with_reason(subject, by, entry) -> bool:
    """An exit from a binding says why; one at the gate does not."""
    return bool(entry.reason)


def without_reason(subject, by, entry) -> bool:
    return not entry.reason


def ended_by_others(subject, by, entry) -> bool:
    """The 实施单位 ended the binding, not the company itself."""
    return bool(entry.reason) and by.company_id != entry.company_id


def audited(subject, by, entry) -> bool:
    """The implementing unit audits bindings. Source: manual [004]."""
    return implementer_audits(policy_of(subject.project))


def confirmed_by_site(subject, by, entry) -> bool:
    return not audited(subject, by, entry)


def enters_by_scan(subject, by, entry) -> bool:
    """False where acceptance is the entry: the entry sends its own notice."""
    return flows.enters_by_scan(policy_of(subject.project))


def enters_at_once(subject, by, entry) -> bool:
    """True where acceptance is the entry, so that no code is scanned."""
    return not enters_by_scan(subject, by, entry)


def is_fed(subject, by, entry) -> bool:
    """The site shares its pre-registrations with a third authority."""
    return bool(entry.params.get("receiver"))


def may_not_enter(subject, by, entry) -> bool:
    """The disposition keeps the person off every site with the overlay."""
    return subject.status != "clear"


def may_enter_again(subject, by, entry) -> bool:
    return not may_not_enter(subject, by, entry)


def issued_on_site(subject, by, entry) -> bool:
    """The entry of a company about one of its sites, so the company's manager there may decide as well."""
    return bool(subject.company_id and subject.project_id)


def asked_on_site(subject, by, entry) -> bool:
    """The opinion about an entry that a company issued for one of its sites."""
    return issued_on_site(subject.restriction, by, entry)


def meant_for(to: To) -> Callable:
    """A reminder goes to the side that can resolve it, the `owner` of the event."""
    return lambda subject, by, entry: entry.params.get("owner") == to


@dataclass(frozen=True)
class Notice:
    """One message. `asks` waits for an answer; `kind` names the question when several events ask the same; `folds`
    counts a repeat on the unread one of the day."""

    to: To
    title: Promise
    body: Promise | str = ""
    asks: bool = False
    kind: str = ""
    when: Callable = always
    folds: bool = False


def person(title, body="", **more) -> Notice:
    return Notice(To.PERSON, title, body, **more)


def company(title, body="", **more) -> Notice:
    return Notice(To.COMPANY, title, body, **more)


def project(title, body="", **more) -> Notice:
    return Notice(To.PROJECT, title, body, **more)


INVITED = "employment.invited"
LEAVE = "leave.requested"
DISMISSAL = "dismissal.proposed"
TRANSFER = "transfer.requested"
ASSIGNMENT = "assignment.proposed"
CORRECTION = "correction.requested"
INQUIRY = "inquiry.sent"
SECOND = "restriction.second"
APPEAL = "restriction.appealed"
TOLD = "registration.told"

_invitation = person(
    _("{company}请您受聘"),
    _("确认后您在{company}在职，单位可以分配您到工地。"),
    asks=True,
    kind=INVITED,
)

NOTICES: dict[Event, tuple[Notice, ...]] = {
    # people
    Event.PERSON_VERIFIED: (person(_("您的身份信息核验通过"), _("现在可以受聘，也可以办理进场。")),),
    Event.PERSON_FAILED: (person(_("您的身份信息核验没有通过"), _("{reason}。请重新登记。")),),
    Event.PERSON_REGISTERED: (person(_("{by}为您做了实名登记"), when=done_by_others),),
    Event.PERSON_CARD_READ: (person(_("{by}读取了您的身份证"), when=done_by_others, folds=True),),
    Event.PERSON_RENAMED: (
        person(_("{by}凭新证件更改了您的姓名"), _("原名{former}，原因：{reason}"), when=done_by_others),
    ),
    Event.PERSON_CHANGED: (person(_("{by}修改了您的信息"), _("改动：{fields}"), when=done_by_others),),
    Event.PERSON_REVEALED: (person(_("有人查看了您的{field}"), _("{by}，用途：{reason}"), when=done_by_others),),
    # faces and checks by hand
    Event.FACE_REGISTERED: (
        person(_("您的人脸已登记"), _("{by}办理。您随时可以在“我的”里撤回。"), when=done_by_others),
    ),
    Event.FACE_NOT_ALIKE: (person(_("您的人脸等待人工比对"), _("与证件照不够像，会有人看过后决定，不用重拍。")),),
    Event.FACE_COMPARED: (person(_("您的人脸已人工比对"), _("结果：{answer}")),),
    Event.FACE_WITHDRAWN: (person(_("您的人脸模板已删除"), _("{reason}")),),
    Event.FACE_PORTRAIT_DROPPED: (person(_("您的登记照片已删除"), _("人脸登记照样有效。"), when=done_by_others),),
    Event.HAND_CHECK_ASKED: (company(_("{person}的人工核验待第二人核对"), _("{by}已当面核对证件。")),),
    Event.HAND_CHECK_DECLINED: (company(_("{person}的人工核验没有确认"), _("原因：{reason}")),),
    Event.HAND_CHECKED: (person(_("您已完成人工核验"), _("方式：{how}")),),
    # employment
    Event.EMPLOYMENT_INVITED: (_invitation,),
    Event.EMPLOYMENT_CONTINUED: (
        _invitation,
        company(_("{person}身份核验完成"), _("聘用邀请已自动发出，等本人确认。")),
    ),
    Event.EMPLOYMENT_AWAITING: (person(_("{company}要聘用您"), _("等您的身份核验完成后自动继续，不用重复登记。")),),
    Event.EMPLOYMENT_WITHDRAWN: (person(_("{company}撤回了聘用邀请")),),
    Event.EMPLOYMENT_CONFIRMED: (company(_("{person}确认受聘"), _("请完善信息，完善后可以分配到工地。")),),
    Event.EMPLOYMENT_DECLINED: (company(_("{person}拒绝了聘用邀请")),),
    Event.EMPLOYMENT_EXPIRED: (
        person(_("{company}的聘用邀请已过期"), _("{reason}")),
        company(_("对{person}的聘用邀请已过期"), _("{reason}")),
    ),
    Event.EMPLOYMENT_STARTED: (
        person(_("{company}登记您在职"), _("如果不是您的单位，可以提出异议。"), asks=True, kind=TOLD),
    ),
    Event.EMPLOYMENT_RELEASED: (
        person(_("{company}办理了您的离职"), _("{reason}。不同意的，可以提出异议。"), asks=True, kind=TOLD),
    ),
    Event.EMPLOYMENT_OBJECTED: (company(_("{person}对登记提出异议"), _("请与本人核实{objection}")),),
    Event.EMPLOYMENT_ENDED: (
        person(_("您与{company}的聘用已结束"), _("未确认的分配已移除，在场的当天自动退场。")),
        company(_("{person}已离职"), _("未确认的分配已移除，在场的当天自动退场。")),
    ),
    Event.PROFILE_COMPLETED: (person(_("{company}完善了您的用工信息"), _("身份：{kind}"), when=employed),),
    Event.PROFILE_CHANGED: (person(_("{company}修改了您的用工信息"), _("改动：{fields}")),),
    # resignation and dismissal
    Event.LEAVE_REQUESTED: (
        company(_("{person}申请离职"), _("原因：{reason}。请在期限内答复。"), asks=True, kind=LEAVE),
    ),
    Event.LEAVE_REFUSED: (person(_("{company}没有同意您离职"), _("原因：{reason}。您仍在职，可以再次申请。")),),
    Event.LEAVE_CANCELLED: (company(_("{person}取消了离职申请")),),
    Event.LEAVE_OVERDUE: (
        person(_("您的离职申请逾期未答"), _("已告知监督机构，请继续等待或联系监督站。")),
        company(_("{person}的离职申请逾期未答"), _("已告知监督机构，请尽快答复。")),
    ),
    Event.DISMISSAL_PROPOSED: (person(_("{company}提出解聘"), _("原因：{reason}"), asks=True, kind=DISMISSAL),),
    Event.DISMISSAL_REFUSED: (company(_("{person}不同意解聘"), _("本人仍在职。")),),
    Event.DISMISSAL_CANCELLED: (person(_("{company}取消了解聘"), _("您仍在职。")),),
    # Transfers: known to the new company and the person; the old one sees a leave request only
    Event.TRANSFER_REQUESTED: (
        person(
            _("{company}请您转过去"),
            _("同意后自动向您现在的单位申请离职，不会告诉它您要去哪里。"),
            asks=True,
            kind=TRANSFER,
        ),
    ),
    Event.TRANSFER_ACCEPTED: (company(_("{person}同意转出"), _("等离职办成，聘用邀请自动发出。")),),
    Event.TRANSFER_DECLINED: (company(_("{person}不同意转出")),),
    Event.TRANSFER_STOPPED: (
        company(_("{person}的转出未办成"), _("{reason}")),
        person(_("转到{company}没有办成"), _("{reason}")),
    ),
    Event.TRANSFER_COMPLETED: (company(_("{person}离职已办成"), _("聘用邀请已自动发出，等本人确认。")),),
    # certificates
    Event.CREDENTIAL_RECORDED: (
        person(_("{by}登记了您的{credential}"), _("有效期至{valid_until}"), when=done_by_others),
    ),
    Event.CREDENTIAL_CORRECTED: (person(_("{by}更正了您的{credential}"), _("改动：{fields}"), when=done_by_others),),
    Event.CREDENTIAL_REMOVED: (
        person(_("{by}删除了您的{credential}"), _("有疑问请联系用人单位。"), when=done_by_others),
    ),
    Event.CREDENTIAL_EXPIRING: (
        person(_("您的{credential}快到期了"), _("{valid_until}到期，还有 {left} 天，请及时延续，并告知单位。")),
        company(_("{person}的{credential}快到期了"), _("{valid_until}到期，还有 {left} 天，延续后请更新登记。")),
    ),
    # safety trainings
    Event.TRAINING_RECORDED: (person(_("{by}登记了您的{level}安全培训"), _("结果：{result}"), when=done_by_others),),
    Event.TRAINING_REMOVED: (
        person(_("{by}删除了您的{level}安全培训记录"), _("有疑问请联系用人单位。"), when=done_by_others),
    ),
    Event.TRAINING_RESTORED: (person(_("{by}恢复了您的{level}安全培训记录"), when=done_by_others),),
    Event.TRAINING_EXPIRING: (
        person(_("您的{level}安全培训快到期了"), _("{valid_until}到期，还有 {left} 天，请联系用人单位安排培训。")),
        company(_("{person}的{level}安全培训快到期了"), _("{valid_until}到期，还有 {left} 天，培训后请登记。")),
    ),
    # 限制进场
    Event.RESTRICTION_ISSUED: (
        person(
            _("{issuer}限制您进场：{scope}"),
            _("{from_date}至{until}。在“限制进场”里可以看原因，不同意的可以申诉。"),
        ),
    ),
    Event.RESTRICTION_SECOND_ASKED: (
        project(
            _("{issuer}请{firm}同意对{person}的限制进场"),
            _("超过本单位可单独限制的天数，同意后才生效，至{until}。"),
            asks=True,
            kind=SECOND,
        ),
    ),
    Event.RESTRICTION_AGREED: (
        project(_("{firm}同意对{person}的限制进场"), _("{project}，至{until}生效。"), when=asked_on_site),
        person(_("{firm}同意限制您进{project}，至{until}"), _("在“限制进场”里可以看理由，不同意的可以申诉。")),
        company(_("{firm}同意对{person}的限制进场"), _("{project}，至{until}生效。")),
    ),
    Event.RESTRICTION_DECLINED: (
        project(
            _("{firm}不同意对{person}的限制进场"),
            _("{project}，超过单独限制天数的部分不生效，可以另请一家。"),
            when=asked_on_site,
        ),
        person(_("{firm}不同意延长对您的限制进场"), _("{project}，超过单独限制天数的部分不生效。")),
        company(_("{firm}不同意对{person}的限制进场"), _("{project}，超过单独限制天数的部分不生效，可以另请一家。")),
    ),
    Event.RESTRICTION_APPEALED: (
        company(_("{person}对限制进场提出申诉"), _("请写明理由答复：维持，或解除。"), asks=True, kind=APPEAL),
        project(
            _("{person}对限制进场提出申诉"),
            _("请写明理由答复：维持，或解除。"),
            asks=True,
            kind=APPEAL,
            when=issued_on_site,
        ),
    ),
    Event.RESTRICTION_UPHELD: (
        person(_("{issuer}答复了申诉：维持限制"), _("至{until}。在“限制进场”里可以看理由，还可以再申诉。")),
    ),
    Event.RESTRICTION_LIFTED: (person(_("{issuer}解除了对您的限制进场"), _("{scope}，现在可以进场。")),),
    Event.RESTRICTION_DELETED: (person(_("您的限制进场记录已删除"), _("{from_date}至{until}，保存期满。")),),
    # allocation
    Event.ASSIGNMENT_PROPOSED: (
        person(_("单位把您分配到{project}"), _("岗位：{role}。工地同意后，出示建设码进场。"), when=enters_by_scan),
        person(_("单位把您分配到{project}"), _("岗位：{role}。工地接收后，当天即进场。"), when=enters_at_once),
        project(_("{person}待确认"), _("岗位：{role}"), asks=True, kind=ASSIGNMENT),
    ),
    Event.ASSIGNMENT_SUBMITTED: (
        person(_("单位提交了您在{project}的绑定"), _("岗位：{role}。实施单位审核通过，当天即进场。")),
        project(_("{person}待审核"), _("岗位：{role}"), asks=True, kind=ASSIGNMENT),
    ),
    Event.ASSIGNMENT_RESUBMITTED: (
        person(_("单位再次把您分配到{project}"), _("岗位：{role}")),
        project(_("{person}待确认（再次提交）"), _("{changes}"), asks=True, kind=ASSIGNMENT),
    ),
    Event.ASSIGNMENT_ACCEPTED: (
        person(_("{project}同意您进场"), _("到工地出示建设码，项目经理扫码后进场。"), when=enters_by_scan),
    ),
    Event.ASSIGNMENT_REJECTED: (
        person(_("{project}没有同意您的分配"), _("原因：{reason}"), when=confirmed_by_site),
        company(_("{project}拒绝了{person}"), _("原因：{reason}。改正后可以再次提交。"), when=confirmed_by_site),
        person(_("您到{project}的登记审核不通过"), _("原因：{reason}。单位改正后可以再次提交。"), when=audited),
        company(_("{person}审核不通过：{project}"), _("原因：{reason}。改正后可以再次提交。"), when=audited),
    ),
    Event.ASSIGNMENT_REMOVED: (person(_("您在{project}的分配已移除"), when=not_by_employment),),
    Event.ASSIGNMENT_ENDED: (
        person(_("您在{project}的分配已结束"), _("{reason}"), when=not_by_employment),
        project(_("{person}的分配已结束"), _("{reason}"), when=not_by_exit),
    ),
    # stays
    Event.STAY_OPENED: (person(_("您已进场：{project}"), _("{by}办理，方式：{method}")),),
    Event.STAY_CLOSED: (
        person(_("您已退场：{project}"), _("{by}办理"), when=without_reason),
        person(_("您已退场：{project}"), _("{by}办理，原因：{reason}"), when=with_reason),
        company(_("{person}已退场：{project}"), _("{by}办理，原因：{reason}"), when=ended_by_others),
    ),
    Event.STAY_CLOSED_BY_END: (
        person(_("您已自动退场：{project}"), _("{reason}")),
        project(_("{person}自动退场"), _("{reason}")),
    ),
    Event.STAY_CHANGED: (person(_("您的进场登记有修改：{project}"), _("{by}修改：{fields}")),),
    Event.STAY_UNDONE: (person(_("刚才的进场已撤销：{project}"), _("{by}撤销")),),
    Event.ENTRY_REFUSED: (person(_("您没能进场：{project}"), _("{reason}"), folds=True),),
    Event.CARD_ISSUED: (person(_("您的建设卡已打印"), _("以前打印的建设卡已失效。"), when=done_by_others),),
    Event.REMINDER_SENT: (
        person(_("请您办理：{what}"), _("{by}提醒"), when=meant_for(To.PERSON), folds=True),
        company(_("请办理：{what}"), _("{by}提醒"), when=meant_for(To.COMPANY)),
        project(_("请办理：{what}"), _("{by}提醒"), when=meant_for(To.PROJECT)),
    ),
    # corrections
    Event.CORRECTION_REQUESTED: (
        person(_("{by}替您申请更正{day}的考勤"), _("原因：{reason}"), when=done_by_others),
        project(_("{person}申请更正{day}的考勤"), _("原因：{reason}"), asks=True, kind=CORRECTION),
    ),
    Event.CORRECTION_APPROVED: (person(_("{day}的考勤更正已同意"), _("{by}同意")),),
    Event.CORRECTION_DENIED: (person(_("{day}的考勤更正未同意"), _("原因：{reason}")),),
    Event.SHIFT_RULE_SET: (project(_("班次规则自{from_date}改变"), _("{rule}。")),),
    # admission checks
    Event.CHECK_SCHEDULED: (
        project(_("“{check}”自{from_date}启用"), _("不符合的：{effect}。请在“准入检查”里看会挡住谁，提前补齐。")),
    ),
    Event.CHECK_STARTS_SOON: (
        project(_("“{check}”将于{from_date}启用"), _("不符合的：{effect}。请在“准入检查”里看会挡住谁，提前补齐。")),
    ),
    Event.CHECK_STOPPED: (project(_("“{check}”停用"), _("至{until}。")),),
    # health records
    Event.PREREGISTERED: (
        person(_("{by}为您办理了进场预登记"), _("用人单位：{company}"), when=done_by_others),
        person(
            _("您的预登记会送{receiver}"),
            _("您和家属的姓名、身份证号、手机号、出发地、居住地址和用人单位，登记次日送出。"),
            when=is_fed,
        ),
    ),
    Event.FEED_STARTED: (project(_("{by}开启了预登记报送"), _("{from_day}起每天送{receiver}。")),),
    Event.FEED_STOPPED: (project(_("{by}停止了预登记报送"), _("接收单位：{receiver}。")),),
    Event.FEED_FAILED: (project(_("{day}的预登记没有送达"), _("{problem}。可在“预登记报送”里再送。")),),
    Event.DISPOSITION_SET: (
        person(_("您的防疫处置有变化，暂不能进场"), _("由{by}设置，有疑问请联系项目部。"), when=may_not_enter),
        person(_("您的防疫处置：可以进场"), _("由{by}设置。"), when=may_enter_again),
        project(_("{person}的防疫处置有变化，不能进场"), _("在场的请妥善安置，打卡会照常保存。"), when=may_not_enter),
    ),
    Event.HEALTH_DATA_DELETED: (project(_("防疫记录保存期满，已删除"), _("{counts}。")),),
    Event.DISPOSITION_DUE: (project(_("{person}的隔离/就医时间到期"), _("请复核处置方式；到期不会自动恢复。")),),
    # inquiries of the station
    Event.INQUIRY_SENT: (
        project(_("监督站督办：{kind} {number} 件"), _("请在{due_on}前答复：{reason}"), asks=True, kind=INQUIRY),
    ),
    Event.INQUIRY_GIVEN_BACK: (
        project(_("监督站退回了答复：{kind}"), _("请在{due_on}前再答复：{reason}"), asks=True, kind=INQUIRY),
    ),
    Event.INQUIRY_CLOSED: (project(_("监督站办结督办：{kind}"), _("{reason}")),),
    # grants and contracts
    Event.GRANT_GIVEN: (person(_("您获得现场操作授权"), _("权限：{rights}，至{ends_on}")),),
    Event.GRANT_EXTENDED: (person(_("您的现场操作授权已延长"), _("至{ends_on}")),),
    Event.GRANT_REVOKED: (person(_("您的现场操作授权已收回")),),
    Event.GRANT_EXPIRING: (
        person(_("您的现场操作授权快到期了"), _("{ends_on}到期，需要继续的请联系项目经理。")),
        project(_("{operator}的现场操作授权快到期"), _("{ends_on}到期，可在“现场操作用户”里延长。")),
    ),
    Event.CONTRACT_FILED: (person(_("您被报送为项目负责人"), _("合同 {number}")),),
    Event.CONTRACT_CLOSED: (person(_("您负责的合同已终止"), _("合同 {number}")),),
}

# event → kind of the question it answers, and the words of the answer
CLOSES: dict[Event, tuple[str, Promise]] = {
    Event.EMPLOYMENT_CONFIRMED: (INVITED, _("已确认")),
    Event.EMPLOYMENT_DECLINED: (INVITED, _("已拒绝")),
    Event.EMPLOYMENT_WITHDRAWN: (INVITED, _("单位已撤回")),
    Event.EMPLOYMENT_EXPIRED: (INVITED, _("已过期")),
    Event.EMPLOYMENT_KNOWN: (TOLD, _("没有异议")),
    Event.EMPLOYMENT_OBJECTED: (TOLD, _("有异议")),
    Event.LEAVE_APPROVED: (LEAVE, _("已同意")),
    Event.LEAVE_REFUSED: (LEAVE, _("未同意")),
    Event.LEAVE_CANCELLED: (LEAVE, _("本人已取消")),
    Event.DISMISSAL_ACCEPTED: (DISMISSAL, _("已同意")),
    Event.DISMISSAL_REFUSED: (DISMISSAL, _("不同意")),
    Event.DISMISSAL_CANCELLED: (DISMISSAL, _("单位已取消")),
    Event.TRANSFER_ACCEPTED: (TRANSFER, _("已同意")),
    Event.TRANSFER_DECLINED: (TRANSFER, _("不同意")),
    Event.TRANSFER_STOPPED: (TRANSFER, _("已终止")),
    Event.TRANSFER_COMPLETED: (TRANSFER, _("已办成")),
    Event.ASSIGNMENT_ACCEPTED: (ASSIGNMENT, _("已同意")),
    Event.ASSIGNMENT_REJECTED: (ASSIGNMENT, _("已拒绝")),
    Event.ASSIGNMENT_REMOVED: (ASSIGNMENT, _("已移除")),
    Event.CORRECTION_APPROVED: (CORRECTION, _("已同意")),
    Event.CORRECTION_DENIED: (CORRECTION, _("已驳回")),
    Event.RESTRICTION_AGREED: (SECOND, _("已同意")),
    Event.RESTRICTION_DECLINED: (SECOND, _("不同意")),
    Event.RESTRICTION_UPHELD: (APPEAL, _("维持限制")),
    Event.RESTRICTION_LIFTED: (APPEAL, _("已解除")),
    Event.RESTRICTION_DELETED: (APPEAL, _("保存期满")),
    Event.INQUIRY_ANSWERED: (INQUIRY, _("已答复")),
    Event.INQUIRY_CLOSED: (INQUIRY, _("监督站已办结")),
}

# events without a notice, with the reason
_ACCOUNT = "账号自己的事，登录页与痕迹里看得到"
_REGISTER = "登记簿的事，不是对某个人的决定"
SILENT: dict[Event, str] = {
    Event.PERSON_SUBMITTED: "本人刚做的，页面已经告诉他",
    Event.PERSON_REVIEWED: "核验结果另有消息",
    Event.FACE_CONSENTED: "本人刚刚勾选的",
    Event.FACE_DECLINED: "本人刚刚选择的",
    Event.FACE_ALERT_RAISED: "只有系统管理员看得见",
    Event.FACE_ALERT_SETTLED: "只有系统管理员看得见",
    Event.HISTORY_SHOWN: "本人刚刚选择的",
    Event.HISTORY_HIDDEN: "本人刚刚选择的",
    Event.MANAGER_DRAFT_DISCARDED: "没有提交的登记，本人从未被登记",
    Event.IDENTITY_BATCH_RUN: "每个人的结果各有消息",
    **dict.fromkeys((event for event in Event if event.split(".")[0] in ("login", "factor", "password")), _ACCOUNT),
    **dict.fromkeys((event for event in Event if event.split(".")[0] in ("account", "hat", "key", "link")), _ACCOUNT),
    Event.MESSAGE_REVEALED: "管理员查看短信内容，痕迹里有",
    Event.ACCESS_DENIED: _ACCOUNT,
    **dict.fromkeys((event for event in Event if event.split(".")[0] in ("company", "staff", "project")), _REGISTER),
    **dict.fromkeys((event for event in Event if event.split(".")[0] in ("station", "regulator", "policy")), _REGISTER),
    **dict.fromkeys((event for event in Event if event.split(".")[0] in ("participation", "team", "filed")), _REGISTER),
    **dict.fromkeys((event for event in Event if event.split(".")[0] in ("dictionary", "data")), _REGISTER),
    **dict.fromkeys((event for event in Event if event.split(".")[0] == "poster"), _REGISTER),
    **dict.fromkeys((event for event in Event if event.split(".")[0] == "bulletin"), "首页与登录页上看得到"),
    **dict.fromkeys(
        (event for event in Event if event.split(".")[0] == "self_form"), "单位的扫码登记列表里有，逐条通知太多"
    ),
    **dict.fromkeys(
        (event for event in Event if event.split(".")[0] == "attachment"),
        "单位保管的材料，本人在资料与查看记录里看得到",
    ),
    **dict.fromkeys(
        (event for event in Event if event.split(".")[0] in ("site_info", "health_file")), "工地的事，页面上有变更记录"
    ),
    Event.RESTRICTION_PAPER_OPENED: "本人在“谁看过我的信息”里查得到",
    **dict.fromkeys(
        (Event.FEED_DELIVERED, Event.FEED_AGAIN, Event.FEED_TAKEN, Event.FEED_OPENED), "“预登记报送”的记录里有"
    ),
    **dict.fromkeys(
        (Event.PREREGISTRATION_PROPOSED, Event.PREREGISTRATION_PROPOSAL_DISCARDED), "工地的扫码预登记列表里有"
    ),
    Event.PREREGISTRATION_CODE_RENEWED: _REGISTER,
    Event.PREREGISTRATION_CODE_STOPPED: _REGISTER,
    Event.DECLARATION_ASKED: "本人在“谁看过我的信息”里查得到",
    Event.PREREGISTRATION_CHANGED: "本人在自己的资料里查得到",
    Event.PREREGISTRATION_ENDED: "退场的消息说同一件事",
    Event.FAMILY_ADDED: "本人同来办理的",
    Event.DAILY_HEALTH_NOTED: "每天都有，本人在自己的资料里查得到",
    Event.INQUIRY_ANSWERED: "监督端的督办列表里有",
    Event.TROUBLE_DAYS_SET: _REGISTER,
    Event.INSPECTION_STARTED: "到场检查不事先告诉工地",
    Event.INSPECTION_FINISHED: "检查人当面告诉，要答复的另发督办",
    Event.CONTRACT_CHANGED: _REGISTER,
    Event.SITE_CODE_RENEWED: _REGISTER,
    Event.PERSON_LOOKED_UP: "本人在“谁看过我的信息”里查得到",
    Event.PERSON_CHECKED: "本人在“谁看过我的信息”里查得到",
    Event.EMPLOYMENT_KNOWN: "本人刚做的，没有异议",
    Event.PERSON_MISSED: "没有查到人，也就没有人可告诉；痕迹里有",
    Event.STAY_IMPORTED: "旧系统里早已办过的事",
    Event.ASSIGNMENT_DRAFTED: "还没有提交；提交时另有消息",
    Event.LEAVE_APPROVED: "聘用结束的消息说同一件事",
    Event.DISMISSAL_ACCEPTED: "聘用结束的消息说同一件事",
}
