"""The error of a start that cannot succeed: reason and next step, in English and Chinese."""

RESTORE = "If it is lost, restore the newest backup into an empty folder: SHIMING_HOME=… shiming restore …"
RESTORE_ZH = "如已丢失，请将最近的备份恢复到空文件夹：SHIMING_HOME=… shiming restore …"


class Refused(Exception):
    def __init__(self, english: str, chinese: str):
        super().__init__(f"{english}\n{chinese}")
