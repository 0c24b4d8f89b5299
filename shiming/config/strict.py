"""In tests, a template variable without a value fails instead of printing nothing."""


class UnknownVariable(str):
    def __mod__(self, name):
        raise NameError(f"模板里的变量没有值：{name}")


STRICT = UnknownVariable("%s")
