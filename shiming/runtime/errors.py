"""The error of a start that cannot succeed: reason and next step, in English and Chinese."""


class Refused(Exception):
    def __init__(self, english: str, chinese: str):
        super().__init__(f"{english}\n{chinese}")
