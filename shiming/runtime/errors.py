"""A start that cannot succeed says why, in both languages, and what to do."""


class Refused(Exception):
    def __init__(self, english: str, chinese: str):
        super().__init__(f"{english}\n{chinese}")
