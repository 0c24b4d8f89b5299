"""Every event with the sentence the trail prints. `{by}` is the actor."""

from django.db import models


class Event(models.TextChoices):
    # people
    PERSON_SUBMITTED = "person.submitted", "{person}提交个人信息登记"
    PERSON_REGISTERED = "person.registered", "{by}登记{person}"
    PERSON_CARD_READ = "person.card_read", "{by}读取{person}的身份证（{reader}）"
    PERSON_RENAMED = "person.renamed", "{by}凭新证件把{former}的姓名改为{person}：{reason}"
    PERSON_VERIFIED = "person.verified", "{person}的身份信息核验通过"
    PERSON_FAILED = "person.failed", "{person}的身份信息核验失败：{reason}"
    PERSON_CHANGED = "person.changed", "{by}修改{person}的信息：{fields}"
    HISTORY_SHOWN = "history.shown", "{person}同意其他单位在工作经历里看到单位名称（说明 {version}）"
    HISTORY_HIDDEN = "history.hidden", "{person}不再让其他单位在工作经历里看到单位名称"
    PERSON_REVEALED = "person.revealed", "{by}查看{person}的{field}，用途：{reason}"
    PERSON_LOOKED_UP = "person.looked_up", "{by}凭身份证号查看{person}的姓名与照片"
    PERSON_CHECKED = "person.checked", "{by}凭身份证号查询{person}能否登记"
    PERSON_MISSED = "person.missed", "{by}所填的证件号或姓名没有查到、或不相符（{code}）"
    PERSON_REVIEWED = "person.reviewed", "{by}核验{person}的证件照片"
    FACE_CONSENTED = "face.consented", "{person}同意登记人脸（告知书 {version}）"
    FACE_DECLINED = "face.declined", "{person}不同意登记人脸"
    FACE_REGISTERED = "face.registered", "{by}为{person}登记人脸"
    FACE_NOT_ALIKE = "face.unlike", "{person}的人脸与证件照不够相像，等待人工比对"
    FACE_COMPARED = "face.compared", "{by}人工比对{person}的人脸与证件照：{answer}"
    FACE_WITHDRAWN = "face.withdrawn", "{person}的人脸模板已删除：{reason}"
    FACE_PORTRAIT_DROPPED = "face.portrait_dropped", "{person}的登记照片已删除，模板留着"
    FACE_ALERT_RAISED = "face_alert.raised", "{first}与{second}的人脸相同"
    FACE_ALERT_SETTLED = "face_alert.settled", "{by}处理{first}与{second}人脸相同：{outcome}"
    HAND_CHECK_ASKED = "hand_check.asked", "{by}当面核对{person}的证件，等待第二人核对"
    HAND_CHECK_DECLINED = "hand_check.declined", "{by}没有确认{person}的人工核验：{reason}"
    HAND_CHECKED = "hand_check.done", "{person}完成人工核验（{how}）"
    IDENTITY_BATCH_RUN = "identity.batch", "身份核验批次：{checked} 人，通过 {passed} 人，失败 {failed} 人"
    # accounts
    LOGIN_SUCCEEDED = "login.succeeded", "{by}登录{door}"
    LOGIN_FAILED = "login.failed", "{door}登录失败"
    LOGGED_OUT = "login.out", "{by}退出"
    SECOND_FACTOR_SET = "factor.set", "{by}设置{factor}"
    SECOND_FACTOR_REMOVED = "factor.removed", "{by}移除{factor}"
    PASSWORD_CHANGED = "password.changed", "{by}修改密码"
    ACCOUNT_CREATED = "account.created", "{by}开通账号{account}"
    ACCOUNT_CHANGED = "account.changed", "{by}修改账号{account}：{fields}"
    HAT_CHANGED = "hat.changed", "{by}切换为{hat}"
    API_KEY_CREATED = "key.created", "{by}新建接口密钥{key}"
    API_KEY_REVOKED = "key.revoked", "{by}停用接口密钥{key}"
    MESSAGE_REVEALED = "message.revealed", "{by}查看发给{to}的消息，用途：{reason}"
    LINK_ISSUED = "link.issued", "{by}为{account}开出一次性链接"
    ACCESS_DENIED = "access.denied", "{by}访问被拒：{page}"
    # companies
    COMPANY_CREATED = "company.created", "{by}登记企业{company}"
    COMPANY_CHANGED = "company.changed", "{by}修改企业{company}：{fields}"
    COMPANY_CLOSED = "company.closed", "{by}停用企业{company}：{reason}"
    COMPANY_REOPENED = "company.reopened", "{by}恢复企业{company}"
    STAFF_APPOINTED = "staff.appointed", "{by}任命{staff}为{role}"
    STAFF_REMOVED = "staff.removed", "{by}撤销{staff}的{role}"
    # projects, contracts, grants
    PROJECT_CREATED = "project.created", "{by}登记项目{project}"
    PROJECT_CHANGED = "project.changed", "{by}修改项目{project}：{fields}"
    PROJECT_STATUS_CHANGED = "project.status", "{by}将{project}改为{status}"
    STATION_CHANGED = "station.changed", "{by}登记监督站{station}"
    REGULATOR_POSTED = "regulator.posted", "{by}任命{regulator}为{station}监督人员"
    REGULATOR_REMOVED = "regulator.removed", "{by}撤销{regulator}在{station}的任职"
    POLICY_SET = "policy.set", "{by}为{project}设定用工流程{policy}，{from_date}起"
    SHIFT_RULE_SET = "shift_rule.set", "{by}为{project}设定班次：{rule}，{from_date}起"
    CHECK_SCHEDULED = "check.scheduled", "{by}为{project}启用准入检查“{check}”，{from_date}起"
    CHECK_STARTS_SOON = "check.soon", "{project}的准入检查“{check}”将于{from_date}启用"
    CHECK_STOPPED = "check.stopped", "{by}停用{project}的准入检查“{check}”，至{until}"
    PARTICIPATION_ADDED = "participation.added", "{by}登记{company}参建{project}（{kind}）"
    PARTICIPATION_REMOVED = "participation.removed", "{by}撤销{company}参建{project}"
    PARTICIPATION_RESTORED = "participation.restored", "{by}恢复{company}参建{project}"
    FILED_PERSON_ADDED = "filed.added", "{by}报送{person}于合同{number}（{position}）"
    FILED_PERSON_CHANGED = "filed.changed", "{by}修改合同{number}报送的{person}：{fields}"
    FILED_PERSON_WITHDRAWN = "filed.withdrawn", "{person}不再报送于合同{number}"
    CONTRACT_FILED = "contract.filed", "{by}报送合同{number}，项目负责人{pm}"
    CONTRACT_CHANGED = "contract.changed", "{by}修改合同{number}：{fields}"
    CONTRACT_CLOSED = "contract.closed", "{by}终止合同{number}"
    TEAM_CREATED = "team.created", "{by}建立班组{team}"
    TEAM_CHANGED = "team.changed", "{by}修改班组{team}"
    TEAM_CLOSED = "team.closed", "{by}撤销班组{team}"
    GRANT_GIVEN = "grant.given", "{by}授权{operator}现场操作：{rights}，至{ends_on}"
    GRANT_EXTENDED = "grant.extended", "{by}将{operator}的授权延至{ends_on}"
    GRANT_REVOKED = "grant.revoked", "{by}收回{operator}的授权"
    GRANT_EXPIRING = "grant.expiring", "{operator}的现场操作授权将于{ends_on}到期"
    DICTIONARY_CHANGED = "dictionary.changed", "{by}修改字典{table}：{label}"
    DATA_IMPORTED = "data.imported", "{by}导入{kind} {count} 行"
    DATA_EXPORTED = "data.exported", "{by}导出{kind} {count} 行"
    # employment
    EMPLOYMENT_INVITED = "employment.invited", "{by}邀请{person}受聘于{company}"
    EMPLOYMENT_AWAITING = "employment.awaiting", "{by}聘用{person}，等待身份核验后自动继续"
    EMPLOYMENT_CONTINUED = "employment.continued", "{person}身份核验完成，{company}的聘用邀请自动发出"
    EMPLOYMENT_WITHDRAWN = "employment.withdrawn", "{by}撤回对{person}的聘用邀请"
    EMPLOYMENT_CONFIRMED = "employment.confirmed", "{person}确认受聘于{company}"
    EMPLOYMENT_DECLINED = "employment.declined", "{person}拒绝{company}的聘用邀请"
    EMPLOYMENT_EXPIRED = "employment.expired", "{company}对{person}的聘用邀请过期"
    EMPLOYMENT_STARTED = "employment.started", "{by}登记{person}在{company}在职"
    EMPLOYMENT_RELEASED = "employment.released", "{by}办理{person}离职：{reason}"
    EMPLOYMENT_KNOWN = "registration.known", "{person}知道了{company}的登记，没有异议"
    EMPLOYMENT_OBJECTED = "registration.objected", "{person}对{company}的登记提出异议{objection}"
    PROFILE_COMPLETED = "employment.profile", "{by}完善{person}的信息（{kind}）"
    PROFILE_CHANGED = "employment.changed", "{by}修改{person}的用工信息：{fields}"
    LEAVE_REQUESTED = "leave.requested", "{person}向{company}申请离职：{reason}"
    LEAVE_APPROVED = "leave.approved", "{by}同意{person}离职"
    LEAVE_REFUSED = "leave.refused", "{by}不同意{person}离职：{reason}"
    LEAVE_CANCELLED = "leave.cancelled", "{person}取消离职申请"
    LEAVE_OVERDUE = "leave.overdue", "{person}的离职申请逾期未答，已告知监督机构"
    DISMISSAL_PROPOSED = "dismissal.proposed", "{by}提出解聘{person}：{reason}"
    DISMISSAL_ACCEPTED = "dismissal.accepted", "{person}同意解聘"
    DISMISSAL_REFUSED = "dismissal.refused", "{person}不同意解聘"
    DISMISSAL_CANCELLED = "dismissal.cancelled", "{by}取消解聘{person}"
    EMPLOYMENT_ENDED = "employment.ended", "{person}与{company}的聘用结束"
    TRANSFER_REQUESTED = "transfer.requested", "{by}请{person}转到{company}"
    TRANSFER_ACCEPTED = "transfer.accepted", "{person}同意转到{company}，已提交离职申请"
    TRANSFER_DECLINED = "transfer.declined", "{person}不同意转到{company}"
    TRANSFER_STOPPED = "transfer.stopped", "{person}转到{company}未办成：{reason}"
    TRANSFER_COMPLETED = "transfer.completed", "{person}已从原单位离职，{company}的邀请自动发出"
    MANAGER_DRAFT_DISCARDED = "manager_draft.discarded", "{person}没有提交的管理人员登记已删除：{reason}"
    # attachments and certificates
    ATTACHMENT_ADDED = "attachment.added", "{by}上传{person}的附件（{kind}）"
    ATTACHMENT_REMOVED = "attachment.removed", "{by}删除{person}的附件（{kind}）"
    ATTACHMENT_RESTORED = "attachment.restored", "{by}撤销删除{person}的附件（{kind}）"
    ATTACHMENT_OPENED = "attachment.opened", "{by}下载{person}的附件（{kind}）"
    CREDENTIAL_EXPIRING = "credential.expiring", "{person}的{credential}将于{valid_until}到期，还有 {left} 天"
    CREDENTIAL_RECORDED = "credential.recorded", "{by}登记{person}的{credential}，有效期至{valid_until}"
    CREDENTIAL_CORRECTED = "credential.corrected", "{by}更正{person}的{credential}：{fields}"
    CREDENTIAL_REMOVED = "credential.removed", "{by}删除{person}的{credential}"
    # safety trainings
    TRAINING_RECORDED = "training.recorded", "{by}登记{person}的{level}安全培训（{result}）"
    TRAINING_REMOVED = "training.removed", "{by}删除{person}的{level}安全培训"
    TRAINING_RESTORED = "training.restored", "{by}恢复{person}的{level}安全培训"
    TRAINING_EXPIRING = "training.expiring", "{person}的{level}安全培训将于{valid_until}到期，还有 {left} 天"
    # 限制进场
    RESTRICTION_ISSUED = "restriction.issued", "{by}代表{issuer}限制{person}进场：{scope}，{from_date}至{until}"
    RESTRICTION_SECOND_ASKED = (
        "restriction.second",
        "{by}提请{firm}同意{issuer}对{person}的限制进场（{project}），至{until}",
    )
    RESTRICTION_AGREED = "restriction.agreed", "{by}代表{firm}同意{issuer}对{person}的限制进场（{project}），至{until}"
    RESTRICTION_DECLINED = "restriction.declined", "{by}代表{firm}不同意{issuer}对{person}的限制进场（{project}）"
    RESTRICTION_APPEALED = "restriction.appealed", "{person}对{issuer}的限制进场提出申诉"
    RESTRICTION_UPHELD = "restriction.upheld", "{by}代表{issuer}维持对{person}的限制进场，至{until}"
    RESTRICTION_LIFTED = "restriction.lifted", "{by}代表{issuer}解除对{person}的限制进场（{scope}）"
    RESTRICTION_PAPER_OPENED = "restriction.opened", "{by}打开{person}的限制进场材料"
    RESTRICTION_DELETED = (
        "restriction.deleted",
        "{issuer}对{person}的限制进场记录保存期满，已删除（{from_date}至{until}）",
    )
    # allocation
    ASSIGNMENT_PROPOSED = "assignment.proposed", "{by}分配{person}到{project}（{role}）"
    ASSIGNMENT_DRAFTED = "binding.drafted", "{by}登记{person}到{project}（{role}），待提交"
    ASSIGNMENT_SUBMITTED = "assignment.submitted", "{by}提交{person}到{project}（{role}），待审核"
    ASSIGNMENT_ACCEPTED = "assignment.accepted", "{by}同意{person}到{project}"
    ASSIGNMENT_REJECTED = "assignment.rejected", "{by}拒绝{person}到{project}：{reason}"
    ASSIGNMENT_RESUBMITTED = "assignment.resubmitted", "{by}再次提交{person}到{project}{changes}"
    ASSIGNMENT_REMOVED = "assignment.removed", "{by}移除{person}在{project}的分配"
    ASSIGNMENT_ENDED = "assignment.ended", "{person}在{project}的分配结束：{reason}"
    # QR posters
    POSTER_RENEWED = "poster.renewed", "{by}更换{company}在{project}的项目二维码"
    POSTER_STOPPED = "poster.stopped", "{by}停用{company}在{project}的项目二维码"
    SELF_FORM_SENT = "self_form.sent", "{company}在{project}收到扫码登记，凭证号 {receipt}"
    SELF_FORM_TAKEN = "self_form.taken", "{by}采用{person}的扫码登记（{project}）"
    SELF_FORM_DISCARDED = "self_form.discarded", "{by}丢弃扫码登记 {receipt}：{reason}"
    SELF_FORM_RESTORED = "self_form.restored", "{by}恢复扫码登记 {receipt}"
    # stays
    STAY_OPENED = "stay.opened", "{by}办理{person}进场（{method}）"
    STAY_CLOSED = "stay.closed", "{by}办理{person}退场{because}"
    STAY_CLOSED_BY_END = "stay.auto", "{person}{reason}自动退场"
    STAY_CHANGED = "stay.changed", "{by}修改{person}的进场登记：{fields}"
    STAY_UNDONE = "stay.undone", "{by}撤销刚才{person}的进场"
    STAY_IMPORTED = "stay.imported", "{by}从旧系统转入{person}在{project}的进退场记录"
    ENTRY_REFUSED = "entry.refused", "{person}在{project}被拒绝进场：{reason}"
    CARD_ISSUED = "card.issued", "{by}打印{person}的建设卡"
    # health records
    SITE_INFO_SAVED = "site_info.saved", "{by}保存{project}的工地疫情防控信息"
    DECLARATION_ASKED = "declaration.asked", "{by}查询{number}的健康申报"
    PREREGISTERED = "preregistration.added", "{by}为{person}办理进场预登记（{company}）"
    PREREGISTRATION_CHANGED = "preregistration.changed", "{by}修改{person}的进场预登记：{fields}"
    PREREGISTRATION_ENDED = "preregistration.ended", "{person}在{project}的进场预登记随退场结束"
    FAMILY_ADDED = "family.added", "{by}登记{person}携带家属一人"
    DAILY_HEALTH_NOTED = "daily_health.noted", "{by}记录{person}的每日健康"
    DISPOSITION_SET = "disposition.set", "{by}设置{person}的处置方式"
    DISPOSITION_DUE = "disposition.due", "{person}的隔离/就医时间到期，请复核处置方式"
    HEALTH_DATA_DELETED = "health_data.deleted", "{project}停用防疫准入期满，已删除：{counts}"
    HEALTH_FILE_ADDED = "health_file.added", "{by}上传{kind}"
    HEALTH_FILE_REMOVED = "health_file.removed", "{by}删除{kind}"
    HEALTH_FILE_OPENED = "health_file.opened", "{by}下载{kind}"
    FEED_STARTED = "feed.started", "{by}为{project}开启预登记报送，每天送{receiver}，{from_day}起"
    FEED_STOPPED = "feed.stopped", "{by}停止{project}的预登记报送（{receiver}）"
    FEED_DELIVERED = "feed.delivered", "{day}的预登记 {rows} 人已送{receiver}，文件摘要 {digest}"
    FEED_FAILED = "feed.failed", "{day}的预登记没有送到{receiver}：{problem}"
    FEED_AGAIN = "feed.again", "{by}再送{day}的预登记给{receiver}"
    FEED_TAKEN = "feed.taken", "{by}取走{day}的预登记 {rows} 人，文件摘要 {digest}"
    FEED_OPENED = "feed.opened", "{by}下载{day}的预登记报送文件"
    PREREGISTRATION_PROPOSED = "preregistration.proposed", "{project}收到扫码预登记，凭证号 {receipt}"
    PREREGISTRATION_PROPOSAL_DISCARDED = "preregistration.proposal_discarded", "{by}丢弃扫码预登记 {receipt}：{reason}"
    PREREGISTRATION_CODE_RENEWED = "preregistration_code.renewed", "{by}更换{project}的预登记二维码"
    PREREGISTRATION_CODE_STOPPED = "preregistration_code.stopped", "{by}停用{project}的预登记二维码"
    # attendance
    CORRECTION_REQUESTED = "correction.requested", "{by}申请更正{person}{day}的考勤：{reason}"
    CORRECTION_APPROVED = "correction.approved", "{by}同意更正{person}{day}的考勤"
    CORRECTION_DENIED = "correction.denied", "{by}驳回{person}{day}的考勤更正：{reason}"
    REMINDER_SENT = "reminder.sent", "{by}提醒{to}办理：{what}"
    # notices of the administrator
    BULLETIN_PUBLISHED = "bulletin.published", "{by}发布公告“{title}”"
    BULLETIN_CHANGED = "bulletin.changed", "{by}修改公告“{title}”：{fields}"
    BULLETIN_WITHDRAWN = "bulletin.withdrawn", "{by}撤下公告“{title}”"
    BULLETIN_FILE_ADDED = "bulletin.file_added", "{by}为公告“{title}”添加附件{name}"
    BULLETIN_FILE_REMOVED = "bulletin.file_removed", "{by}删除公告“{title}”的附件{name}"
    # the authority
    INQUIRY_SENT = "inquiry.sent", "{by}就“{kind}”{number} 件督办{project}，请在{due_on}前答复：{reason}"
    INQUIRY_ANSWERED = "inquiry.answered", "{by}答复“{kind}”的督办，附材料 {papers} 个"
    INQUIRY_GIVEN_BACK = "inquiry.given_back", "{by}退回“{kind}”的答复，请在{due_on}前再答复：{reason}"
    INQUIRY_CLOSED = "inquiry.closed", "{by}办结“{kind}”的督办：{reason}"
    INSPECTION_STARTED = "inspection.started", "{by}开始{project}的到场检查，应到 {expected} 人"
    INSPECTION_FINISHED = "inspection.finished", "{by}查完{project}，应到 {expected} 人，查到 {found} 人"
    TROUBLE_DAYS_SET = "trouble.days", "{by}把“{kind}”的天数由 {before_days} 改为 {days}"
    SITE_CODE_RENEWED = "site_code.renewed", "{by}更换{project}的工地码"

    def sentence(self, blanks: dict) -> str:
        """The sentence with its blanks filled; a missing blank prints as nothing."""
        return self.label.format_map(_Blanks(blanks))


class _Blanks(dict):
    def __missing__(self, key):
        return ""


REVOKE = "accounts.revocation.end_what_is_lost"
LAST_USE = "projects.jobs.note_last_use"
# Followers of each event, in calling order and in the same transaction; tests/test_events.py compares this table with
# the registered functions. The inbox follows every event too: inbox/notices.py lists its notices and the questions an
# event closes.
EFFECTS: dict[Event, tuple[str, ...]] = {
    Event.PERSON_VERIFIED: ("employment.jobs.continue_what_waited",),
    Event.PERSON_FAILED: ("employment.jobs.give_up_what_waited",),
    Event.PERSON_CARD_READ: ("faces.jobs.card_was_read",),
    Event.PERSON_CHANGED: ("accounts.revocation.end_with_the_lost_phone",),
    Event.LOGIN_SUCCEEDED: (LAST_USE,),
    Event.HAT_CHANGED: (LAST_USE,),
    Event.COMPANY_CLOSED: (REVOKE,),
    Event.STAFF_REMOVED: (REVOKE,),
    Event.PROJECT_STATUS_CHANGED: ("assignment.jobs.project_finished",),
    Event.REGULATOR_REMOVED: (REVOKE,),
    Event.PARTICIPATION_REMOVED: ("assignment.jobs.firm_left", REVOKE),
    Event.PARTICIPATION_RESTORED: ("binding.jobs.drafts_come_back",),
    Event.FILED_PERSON_WITHDRAWN: ("binding.jobs.draft_goes",),
    Event.CONTRACT_CHANGED: (REVOKE,),
    Event.CONTRACT_CLOSED: (REVOKE,),
    Event.GRANT_REVOKED: (REVOKE,),
    Event.LEAVE_REFUSED: ("employment.commands.transfer.stop_those_who_stay",),
    Event.LEAVE_CANCELLED: ("employment.commands.transfer.stop_those_who_stay",),
    Event.EMPLOYMENT_ENDED: (
        "employment.commands.transfer.complete_those_who_left",  # sends the invitation of the new company
        "assignment.jobs.employment_ended",  # removes pending allocations and ends accepted ones (ASSIGNMENT_ENDED)
        "faces.jobs.employment_ended",  # without another employment the template goes
    ),
    Event.MANAGER_DRAFT_DISCARDED: ("attachments.jobs.draft_was_discarded",),
    Event.ASSIGNMENT_ACCEPTED: (LAST_USE, "presence.jobs.acceptance_is_the_entry"),
    Event.ASSIGNMENT_REJECTED: (LAST_USE,),
    Event.ASSIGNMENT_ENDED: (
        "presence.jobs.assignment_ended",  # closes the open stay the same day
        "presence.jobs.nothing_left_to_do_there",  # ends an employment that came with the entry (EMPLOYMENT_ENDED)
    ),
    Event.STAY_CLOSED: (LAST_USE, "health.jobs.stay_ended"),
    Event.STAY_CLOSED_BY_END: ("health.jobs.stay_ended",),
    Event.CORRECTION_APPROVED: (LAST_USE,),
    Event.CORRECTION_DENIED: (LAST_USE,),
}
