"""The settings: environment variables `CHATWARDEN_*` over `chatwarden.toml`, checked once, typed everywhere."""

import difflib
import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from rules import RULES, Severity
from worker.allowances import Allowances
from worker.cabinets import Allowed, Cabinet
from worker.errors import OperatorError
from worker.schedules import crontab, zone
from worker.secret_files import SUFFIX, read_secrets
from worker.web import settings as web

ENV_PREFIX = "CHATWARDEN_"
CONFIG_VARIABLE = "CHATWARDEN_CONFIG"
DEFAULT_CONFIG = Path("chatwarden.toml")
# May lie in files, by the environment variable that names them without the ending _FILE.
SECRETS = {"SENTRY_DSN": "SENTRY_DSN", "CHATWARDEN_REDIS_URL": "redis_url", "CHATWARDEN_DATABASE_URL": "database_url"}

# What to write instead of a bad value, by setting.
EXAMPLES = {
    "business_id": "business_id = 123456, the number in the address of the seller's cabinet",
    "api_key_env": 'api_key_env = "SHOP_KEY", the name of the environment variable that holds the Api-Key',
    "api_key_file": 'api_key_file = "/run/secrets/shop_key", a file that holds the Api-Key alone',
    "cabinets": '[[cabinets]] with business_id = 123456 and api_key_env = "SHOP_KEY"',
    "market_url": 'market_url = "https://api.partner.market.yandex.ru"',
    "redis_url": 'redis_url = "redis://localhost:6379/0"',
    "database_url": 'database_url = "postgresql+psycopg://user:password@localhost/chatwarden"',
    "notification_url": 'notification_url = "https://chatwarden.shop.example"',
    "data_dir": 'data_dir = "chatwarden-data"',
    "sentry_dsn": 'sentry_dsn = "https://key@sentry.example/1"',
    "phones": 'phones = ["8 800 000-11-22"], whole numbers',
    "language": 'language = "ru" or "en"',
    "log_level": 'log_level = "INFO"',
    "audit_schedule": 'audit_schedule = "0 6 * * *", daily at 06:00: minute hour day month weekday',
    "digest_schedule": 'digest_schedule = "0 12 * * 1", on Mondays at 12:00: minute hour day month weekday',
    "time_zone": 'time_zone = "Europe/Moscow"',
    "log_format": 'log_format = "json"',
    **web.EXAMPLES,
}

# Greedy: a password may hold any sign unescaped, and a sentinel URL names several hosts.
_USER_PART = re.compile(r"(?<=://).*@", re.DOTALL)
_REDIS_PLACE = re.compile(r"(\[[^\]]*\]|[^:/]*)(:\d{1,5})?(/\d*)?")
_PASSWORD_PARAMETER = re.compile(r"([?&][^=&]*pass[^=&]*=)[^&]*", re.IGNORECASE)


class RuleSettings(BaseModel):
    """Rules that are off, or whose findings weigh otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    off: frozenset[str] = frozenset()
    severity: dict[str, Severity] = {}

    @model_validator(mode="after")
    def _known_rules(self) -> Self:
        for name in sorted({*self.off, *self.severity} - set(RULES)):
            raise ValueError(f"{name!r} is no rule; there are {', '.join(RULES)}")
        if set(RULES) <= self.off:
            raise ValueError("all rules are off: every message would look clean")
        return self


class Settings(web.WebSettings, BaseSettings):
    """All settings of Chatwarden; `chatwarden config` prints the effective ones."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    cabinets: tuple[Cabinet, ...] = ()
    market_url: HttpUrl = HttpUrl("https://api.partner.market.yandex.ru")
    market_timeout_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    notification_url: HttpUrl | None = None
    redis_url: SecretStr | None = None
    database_url: SecretStr | None = None
    data_dir: Path = Path("chatwarden-data")
    sentry_dsn: SecretStr | None = Field(default=None, validation_alias="SENTRY_DSN")
    allowed: Allowed = Allowed()
    rules: RuleSettings = RuleSettings()
    language: Literal["ru", "en"] = "ru"
    unmask_evidence: bool = False
    worker_processes: Annotated[int, Field(ge=1, le=64)] = 4
    parallel_requests: Annotated[int, Field(ge=1, le=4)] = 3
    live_share: Annotated[float, Field(ge=0, le=0.9)] = 0.3
    sweep_every_s: Annotated[int, Field(ge=10)] = 300
    sweep_back_days: Annotated[int, Field(ge=1, le=3650)] = 30
    audit_schedule: Annotated[str, AfterValidator(crontab)] = "0 6 * * *"
    digest_schedule: Annotated[str, AfterValidator(crontab)] = "0 12 * * 1"
    time_zone: Annotated[str, AfterValidator(zone)] = "Europe/Moscow"
    keep_texts_days: Annotated[int, Field(ge=1, le=36_500)] = 180
    keep_violations_days: Annotated[int, Field(ge=1, le=36_500)] = 1095
    alerts_per_minute: Annotated[int, Field(ge=1)] = 600
    digest_above: Annotated[int, Field(ge=1)] = 500
    # The first attempt may be one with other messages, so that it takes a second to tell which one broke it.
    max_attempts: Annotated[int, Field(ge=2, le=100)] = 4
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "people", "json"] = "auto"

    @field_validator("cabinets")
    @classmethod
    def _no_cabinet_twice(cls, cabinets: tuple[Cabinet, ...]) -> tuple[Cabinet, ...]:
        ids = [cabinet.business_id for cabinet in cabinets]
        if twice := {number for number in ids if ids.count(number) > 1}:
            raise ValueError(f"business_id {min(twice)} stands twice; a cabinet may be listed once")
        return cabinets

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        url = urlsplit(value.get_secret_value() if value else "redis://")
        if url.scheme not in {"redis", "rediss", "sentinel"}:
            raise ValueError("must begin with redis://, rediss:// or sentinel://")
        if url.scheme == "sentinel":
            from worker.broker import Sentinels  # only here: judging texts needs no Redis

            Sentinels.of(value.get_secret_value() if value else "")
        elif not _REDIS_PLACE.fullmatch(url.netloc.rpartition("@")[2] + url.path):
            raise ValueError("must name a host, and where they are given a port and a database that are numbers")
        return value

    @field_validator("sentry_dsn")
    @classmethod
    def _dsn_shape(cls, value: SecretStr | None) -> SecretStr | None:
        from sentry_sdk.utils import BadDsn, Dsn  # only here: most processes never speak to Sentry

        try:
            if value:
                Dsn(value.get_secret_value())
        except (BadDsn, ValueError):
            raise ValueError("must be a DSN as Sentry shows it, https://key@host/project") from None
        return value

    @property
    def effective_database_url(self) -> str:
        """The store's SQLAlchemy URL: the one given, else SQLite in the data folder."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'chatwarden.sqlite'}"

    def cabinet(self, business_id: int) -> Cabinet | None:
        """Return the cabinet of that number, or None when it is not in the settings."""
        return next((cabinet for cabinet in self.cabinets if cabinet.business_id == business_id), None)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of schedules and reports."""
        return ZoneInfo(self.time_zone)

    def name_of(self, business_id: int) -> str:
        """Return what a cabinet is called, empty when it has no name or is not in the settings."""
        cabinet = self.cabinet(business_id)
        return cabinet.name if cabinet else ""

    def allowances(self, business_id: int | None = None) -> Allowances:
        """Return what is allowed in a cabinet, or where no cabinet is meant what is allowed in all."""
        cabinet = self.cabinet(business_id) if business_id is not None else None
        own = Allowances(off=self.rules.off, severity=self.rules.severity, **dict(self.allowed))
        return own | Allowances(**dict(cabinet.allowed)) if cabinet else own

    def require_cabinet(self, business_id: int | None) -> int | None:
        """Return the number; OperatorError when it is one of no cabinet in the settings."""
        if business_id is not None and self.cabinet(business_id) is None:
            raise OperatorError(f"cabinet {business_id} is not in the settings; add it there or mend --business")
        return business_id

    def require_cabinets(self) -> tuple[Cabinet, ...]:
        """Return the cabinets; OperatorError when there is none."""
        if not self.cabinets:
            raise OperatorError(f"no cabinet is set up; write into {config_path()}: {EXAMPLES['cabinets']}")
        return self.cabinets

    def shown(self) -> Iterator[tuple[str, str]]:
        """Yield each setting and its value as it may be shown: passwords and keys are hidden."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in {"allowed", "rules"}:
                for part, entry in value:
                    yield f"{name}.{part}", _listed(entry)
            elif name == "cabinets":
                for at, cabinet in enumerate(value):
                    yield f"cabinets.{at}", f"{cabinet.title}, key from {cabinet.key_place}"
            elif name == "notification_prefix":
                yield name, "***" if value else "-"
            elif isinstance(value, SecretStr):
                yield name, _without_password(value.get_secret_value())
            elif isinstance(value, HttpUrl):
                yield name, _without_password(str(value))
            elif isinstance(value, tuple | dict):  # of secrets the names alone
                yield name, ", ".join(map(str, value)) or "-"
            else:
                yield name, "-" if value is None else str(value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the files of secrets, then the settings file; nothing else is read."""
        del dotenv_settings, file_secret_settings
        path = config_path()
        file = (_ConfigFile(settings_cls, toml_file=path),) if path.exists() else ()
        secrets = {SECRETS[variable]: secret for variable, secret in read_secrets(SECRETS).items()}
        return (init_settings, env_settings, InitSettingsSource(settings_cls, secrets), *file)


class _ConfigFile(TomlConfigSettingsSource):
    """`chatwarden.toml`, in which `sentry_dsn` goes by its own name and not by its environment variable's."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, object]:
        content: dict[str, object] = super()._read_file(file_path)
        if "sentry_dsn" in content:
            content["SENTRY_DSN"] = content.pop("sentry_dsn")
        return content


def config_path() -> Path:
    """Return where the configuration file is looked for."""
    return Path(os.environ.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)


def is_configured() -> bool:
    """Tell whether somebody set Chatwarden up here."""
    return bool(os.environ.get(CONFIG_VARIABLE)) or config_path().exists()


def load() -> Settings:
    """Read and check all settings.

    Raises OperatorError that says which setting is wrong, where it was read, why, and what to write instead.
    """
    path = config_path()
    if os.environ.get(CONFIG_VARIABLE) and not path.exists():
        raise OperatorError(f"the configuration file {path} does not exist; mend {CONFIG_VARIABLE} or --config")
    if path.exists() and not path.is_file():
        raise OperatorError(f"the configuration {path} is no file; move it away, or mend {CONFIG_VARIABLE} or --config")
    _refuse_unknown_variables()
    try:
        return Settings()
    except tomllib.TOMLDecodeError as error:
        raise OperatorError(f"{path} is not valid TOML: {error}; mend that line") from None
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be read ({error.strerror}); make it readable by this user") from None
    except SettingsError as error:
        raise OperatorError(f"{_variable_in(str(error))} is not valid JSON; write it as JSON") from None
    except ValidationError as error:
        raise OperatorError("; ".join(_explain(problem, path) for problem in error.errors()[:3])) from None


def _refuse_unknown_variables() -> None:
    # By the name without the prefix: all begin alike, so with it each would be near to each.
    known = {name.upper(): ENV_PREFIX + name.upper() for name in Settings.model_fields}
    known |= {"CONFIG": CONFIG_VARIABLE, "SENTRY_DSN": "SENTRY_DSN"}
    known |= {(variable + SUFFIX).removeprefix(ENV_PREFIX): variable + SUFFIX for variable in SECRETS}
    for name in sorted(os.environ):
        if name.upper().startswith(ENV_PREFIX) and name.upper() not in known.values():
            near = difflib.get_close_matches(name.upper().removeprefix(ENV_PREFIX), known, n=1)
            advice = f"did you mean {known[near[0]]}?" if near else "remove it"
            raise OperatorError(f"the environment variable {name} is no setting of Chatwarden; {advice}")


def _explain(problem: ErrorDetails, path: Path) -> str:
    """One problem of pydantic's as: where, what, and what to write instead; never the value, it may be a secret."""
    location = [str(part) for part in problem["loc"]]
    first = "sentry_dsn" if location[0] == "SENTRY_DSN" else location[0]
    name = ".".join([first, *location[1:]])
    variable = "SENTRY_DSN" if first == "sentry_dsn" else ENV_PREFIX + first.upper()
    source = f"the environment variable {variable}" if os.environ.get(variable) else f"{path}: {name}"
    if problem["type"] == "extra_forbidden":
        fields = [*Settings.model_fields, *Cabinet.model_fields]
        near = difflib.get_close_matches(location[-1], fields, n=1)
        return f"{source} is no setting of Chatwarden; " + (f"did you mean {near[0]}?" if near else "remove it")
    reason = problem["msg"].removeprefix("Value error, ")
    example = next((EXAMPLES[part] for part in reversed(location) if part in EXAMPLES), None)
    example = EXAMPLES["sentry_dsn"] if first == "sentry_dsn" else example
    return f"{source}: {reason}" + (f"; write {example}" if example else "")


def _variable_in(text: str) -> str:
    """Name the environment variable that pydantic-settings could not parse."""
    name = next((name for name in Settings.model_fields if f'"{name}"' in text), "cabinets")
    return f"the environment variable {ENV_PREFIX}{name.upper()}"


def _listed(entries: Collection[str] | Mapping[str, str]) -> str:
    """Return a setting of several values in one line."""
    if isinstance(entries, Mapping):
        return ", ".join(f"{name} = {value}" for name, value in sorted(entries.items())) or "-"
    return ", ".join(sorted(entries)) or "-"


def _without_password(url: str) -> str:
    """Return the URL with its user part and the passwords among its parameters hidden."""
    return _PASSWORD_PARAMETER.sub(r"\1***", _USER_PART.sub("***@", url))
