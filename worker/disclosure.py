"""What may be told of an exception: its type always, its text only where that is known to quote no message."""

# Texts of these modules' exceptions name methods, hosts and states, never what a message said. SQLAlchemy's are not
# among them: PostgreSQL quotes the row that it refuses.
_PLAIN_SPOKEN = ("worker.", "rules.", "celery.", "billiard.", "kombu.", "redis.")
HIDDEN = "(text hidden: it might quote a message)"


def is_plain_spoken(module: str | None) -> bool:
    """Whether the texts of a module's exceptions may be told."""
    return f"{module}.".startswith(_PLAIN_SPOKEN)


def told(error: BaseException) -> str:
    """Return an exception as it may be told: type and, where it may be, text."""
    kind = type(error)
    text = str(error) if is_plain_spoken(kind.__module__) else HIDDEN
    return f"{kind.__module__}.{kind.__qualname__}: {text}".removeprefix("builtins.").removesuffix(": ")
