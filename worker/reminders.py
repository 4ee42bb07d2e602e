"""Market's reminder: the automatic message in which Market words its chat policy."""

import re

# Stems of what the message says; Market changes its wording a little from time to time.
_STEMS = ("запрашива", "контакт", "ссылк", "сайт", "переписк", "скрыва", "витрин", "правил")
_NEEDED = 5


def is_reminder(text: str | None) -> bool:
    """Whether a message of Market's reminds the shop of the chat policy; source: Market's wording seen in chats."""
    words = re.findall(r"\w+", (text or "").lower())
    return sum(any(word.startswith(stem) for word in words) for stem in _STEMS) >= _NEEDED
