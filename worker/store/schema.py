"""The tables. The database is the truth; Redis is only transport."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData()

# SQLite counts only an INTEGER PRIMARY KEY up by itself.
_RowId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into UTC before it is written."""
        del dialect
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a datetime that was read its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


chats = Table(
    "chats",
    metadata,
    Column("business_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("context_type", String(32)),
    Column("order_id", BigInteger),
    Column("return_id", BigInteger),
    Column("swept_at", UtcDateTime),  # the `updatedAt` that the chat had when it was last swept
    Column("judged_up_to", BigInteger),  # the last message of that sweep: nothing before it was passed over
    Column("forgotten_up_to", BigInteger),  # deleted on request, not to be read in again
)

messages = Table(
    "messages",
    metadata,
    Column("business_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("state", String(16), nullable=False),  # waiting | judged | missing | failed
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime),
    Column("sender", String(32)),
    Column("text", Text),  # this and the file names: of PARTNER only, never a buyer's
    Column("file_names", JSON),
    Column("rule_set", String(64)),
    Column("judged_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),  # begun and not brought to an end
    Column("last_error", Text),
    Column("retry_at", UtcDateTime),
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcDateTime),
    Column("troubled_since", UtcDateTime),  # since when Market fails it; none before the first time, and after the last
)
Index("messages_by_state", messages.c.state, messages.c.retry_at)
Index("messages_by_cabinet", messages.c.state, messages.c.business_id, messages.c.sender)
_with_text = messages.c.text.is_not(None)
Index("messages_with_text", messages.c.created_at, sqlite_where=_with_text, postgresql_where=_with_text)

violations = Table(
    "violations",
    metadata,
    Column("id", _RowId, primary_key=True, autoincrement=True),
    Column("business_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("category", String(32), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),  # when the shop wrote the message
    Column("found_at", UtcDateTime, nullable=False),
    Column("alert_id", String(32)),  # the alert that tells of it
    Column("reported_at", UtcDateTime),
    Column("status", String(16), nullable=False),  # open | confirmed | false_positive | resolved
    UniqueConstraint("business_id", "chat_id", "message_id", "rule", "start", name="one_row_a_violation"),
)
Index("violations_unreported", violations.c.reported_at, violations.c.found_at)
Index("violations_by_alert", violations.c.alert_id)

alerts = Table(
    "alerts",
    metadata,
    Column("id", String(32), primary_key=True),  # the Sentry event's id too
    Column("created_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
)
Index("alerts_by_time", alerts.c.sent_at, alerts.c.created_at)

reminders = Table(
    "reminders",
    metadata,
    Column("business_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),  # when it was looked at, and told of if it was a miss
)

requests = Table(
    "requests",
    metadata,
    Column("business_id", BigInteger, primary_key=True),
    Column("method", String(64), primary_key=True),
    Column("count", BigInteger, nullable=False),
)

pauses = Table(
    "pauses",
    metadata,
    Column("business_id", BigInteger, primary_key=True),
    Column("method", String(64), primary_key=True),  # or "*": the whole cabinet
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)

sweeps = Table(
    "sweeps",
    metadata,
    Column("business_id", BigInteger, primary_key=True),
    Column("since", UtcDateTime, nullable=False),  # how far back this sweep looks
    Column("started_at", UtcDateTime, nullable=False),
    Column("page_token", Text),  # where it goes on
    Column("finished_at", UtcDateTime),  # of the last whole one
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcDateTime),
)

hints = Table(
    "hints",
    metadata,
    Column("business_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("look_at", UtcDateTime, nullable=False),
    Column("looks", Integer, nullable=False),  # since the last hint
)
Index("hints_by_time", hints.c.look_at)

sends = Table(
    "sends",
    metadata,
    Column("id", _RowId, primary_key=True, autoincrement=True),
    Column("business_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("caller", String(64), nullable=False),  # the name of the token
    Column("outcome", String(16), nullable=False),  # sending | sent | unknown | refused | prevented
    Column("findings", JSON, nullable=False),
    Column("override_reason", Text),
    Column("created_at", UtcDateTime, nullable=False),
)
Index("sends_by_text", sends.c.business_id, sends.c.chat_id, sends.c.text_hash)

audits = Table(
    "audits",
    metadata,
    Column("run_id", String(32), primary_key=True),  # one run may be of several cabinets
    Column("business_id", BigInteger, primary_key=True),
    Column("asked", Text, nullable=False),  # in the words it was asked for: a run that was killed is known by them
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("rule_set", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # listing | reading | done | given_up
    Column("under_way", BigInteger),  # the cabinet, until it is done: no cabinet can have two
    Column("page_token", Text),  # where the listing of chats goes on
    Column("new_chats", Integer, nullable=False),  # that this round of the listing brought
    Column("trouble", Text),
    Column("started_at", UtcDateTime, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcDateTime),
    Column("scheduled", Boolean, nullable=False),  # the workers go on with it by themselves
    Column("told_at", UtcDateTime),  # when its summary was sent
    Column("figures", JSON),
    UniqueConstraint("under_way", name="one_audit_a_cabinet"),
)

audited_chats = Table(
    "audited_chats",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("business_id", BigInteger, primary_key=True),
    Column("chat_id", BigInteger, primary_key=True),
    Column("read_at", UtcDateTime),  # not yet, where there is none
    Column("messages", Integer, nullable=False),  # of the period
    Column("partner_messages", Integer, nullable=False),
    Column("not_judged", JSON, nullable=False),  # [message, why], the message null where the chat could not be read
)

deletions = Table(
    "deletions",
    metadata,
    Column("id", _RowId, primary_key=True, autoincrement=True),
    Column("deleted_at", UtcDateTime, nullable=False),
    Column("what", String(32), nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("before", UtcDateTime),
    Column("business_id", BigInteger),
    Column("chat_id", BigInteger),
)
