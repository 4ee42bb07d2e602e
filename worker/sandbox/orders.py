"""In which order Market lists messages and chats: documented nowhere, so it can be switched."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Orders(BaseModel):
    """The order of a chat's messages in its history, and of chats by their last message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    history: Literal["newest_first", "oldest_first"] = "newest_first"
    chats: Literal["newest_first", "oldest_first"] = "newest_first"
