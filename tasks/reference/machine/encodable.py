"""Text that UTF-8 can hold: a lone surrogate, as from a server's header, becomes a question mark."""


def encodable(value: object) -> object:
    """The value with such characters replaced in its texts, in lists and dictionaries too; anything else as it is."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case list():
            return [encodable(item) for item in value]
        case dict():
            return {key: encodable(item) for key, item in value.items()}
        case _:
            return value
