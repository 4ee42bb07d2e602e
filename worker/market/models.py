"""What Market answers, as far as Chatwarden may know it.

Unknown fields are skipped, unknown senders, types and statuses are kept as they came. Two things are never read: the
text and the file names of a message that neither the shop nor Market wrote, and the customer's name. So no later step
can leak them.
"""

from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    AliasPath,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationInfo,
    field_validator,
)
from pydantic.alias_generators import to_camel

PARTNER = "PARTNER"
CUSTOMER = "CUSTOMER"
MARKET = "MARKET"
SUPPORT = "SUPPORT"

# Whose words may be read.
READABLE = frozenset({PARTNER, MARKET})

# Scopes with which chats can be read, in the one spelling that TokenInfo compares in.
_READING_SCOPES = frozenset({"communication", "all-methods", "all-methods-read-only"})

# What a database column of 64 bits holds; anything beyond is no id of Market's.
_Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]

# Market may write null for an empty list; an empty page token would ask for the first page again, for ever.
_EmptyForNull = BeforeValidator(lambda value: () if value is None else value)
_PageToken = Annotated[str | None, BeforeValidator(lambda value: value or None)]
_NEXT_PAGE = AliasChoices("next_page_token", AliasPath("paging", "nextPageToken"))


class _Answer(BaseModel):
    # Inputs stay out of pydantic's errors, wherever those end up: they may be a buyer's words.
    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )


class Message(_Answer):
    """One message of a chat; of people outside the shop only that it exists.

    Attributes:
        message_id: unique within the chat.
        created_at: when it was sent, aware.
        sender: PARTNER, CUSTOMER, MARKET, SUPPORT, or whatever Market may add.
        text: what PARTNER or MARKET wrote; None when there are only files, and always None for all others.
        file_names: names of the files that PARTNER or MARKET attached; the sender chooses them.
    """

    message_id: _Id
    created_at: AwareDatetime
    sender: str
    # Both come after the sender, which decides whether they are read at all.
    text: str | None = Field(default=None, validation_alias=AliasChoices("text", "message"), repr=False)
    file_names: tuple[str, ...] = Field(default=(), validation_alias=AliasChoices("file_names", "payload"), repr=False)

    @field_validator("text", mode="before")
    @classmethod
    def _text_of_the_shop(cls, value: Any, info: ValidationInfo) -> Any:
        if info.data.get("sender") not in READABLE:
            return None
        return _mended(value) if isinstance(value, str) else value

    @field_validator("file_names", mode="before")
    @classmethod
    def _names_of_the_shop(cls, value: Any, info: ValidationInfo) -> Any:
        if info.data.get("sender") not in READABLE or not isinstance(value, list | tuple):
            return ()
        names = (file.get("name") if isinstance(file, dict) else file for file in value)
        return tuple(_mended(name) for name in names if isinstance(name, str))


class ChatContext(_Answer):
    """What a chat is about: an order, a return, or nothing (the buyer began it).

    Attributes:
        type: ORDER, RETURN, DIRECT, or whatever Market may add.
        campaign_id, order_id, return_id: None where Market gives none.
    """

    type: str
    campaign_id: _Id | None = None
    order_id: _Id | None = None
    return_id: _Id | None = None

    @property
    def own_numbers(self) -> tuple[str, ...]:
        """The order's and the return's number: digits that look like a phone and are none."""
        return tuple(str(number) for number in (self.order_id, self.return_id) if number is not None)


class Chat(_Answer):
    """A chat of a cabinet; `updated_at` is the time of its last message, both times are aware."""

    chat_id: _Id
    context: ChatContext
    type: str
    status: str
    created_at: AwareDatetime
    updated_at: AwareDatetime


class History(_Answer):
    """One page of a chat's messages in Market's order, which is documented nowhere: sort before use."""

    context: ChatContext
    messages: Annotated[tuple[Message, ...], _EmptyForNull]
    next_page_token: _PageToken = Field(default=None, validation_alias=_NEXT_PAGE)


class ChatPage(_Answer):
    """One page of a cabinet's chats in Market's order, which is documented nowhere."""

    chats: Annotated[tuple[Chat, ...], _EmptyForNull]
    next_page_token: _PageToken = Field(default=None, validation_alias=_NEXT_PAGE)


class TokenInfo(_Answer):
    """What a key is called and what it may do."""

    name: str = Field(validation_alias=AliasChoices("name", AliasPath("apiKey", "name")))
    scopes: Annotated[tuple[str, ...], _EmptyForNull] = Field(
        validation_alias=AliasChoices("scopes", AliasPath("apiKey", "authScopes"))
    )

    @property
    def can_read_chats(self) -> bool:
        """Whether one of the scopes lets chats be read; Market spells scopes in two ways."""
        spelled = {scope.lower().replace("_", "-").replace(":", "-") for scope in self.scopes}
        return not spelled.isdisjoint(_READING_SCOPES)


class Campaign(_Answer):
    """A shop of a cabinet; all but the id may be missing."""

    campaign_id: _Id = Field(validation_alias=AliasChoices("campaign_id", "id"))
    name: str | None = Field(default=None, validation_alias=AliasChoices("name", "domain"))
    business_id: _Id | None = Field(
        default=None, validation_alias=AliasChoices("business_id", AliasPath("business", "id"))
    )
    business_name: str | None = Field(
        default=None, validation_alias=AliasChoices("business_name", AliasPath("business", "name"))
    )
    placement_type: str | None = None
    api_availability: str | None = None


class CampaignPage(_Answer):
    """One page of the shops that a key can see."""

    campaigns: Annotated[tuple[Campaign, ...], _EmptyForNull]
    next_page_token: _PageToken = Field(default=None, validation_alias=_NEXT_PAGE)


class Nothing(RootModel[Any]):
    """The result of a method that only acts."""


def _mended(text: str) -> str:
    """Join surrogate pairs and replace lone ones: a text cut in the middle of an emoji is no valid Unicode."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
