"""`chatwarden init`: from an Api-Key to a settings file that works."""

import getpass
import json
import sys
import tomllib
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr, ValidationError

from worker import settings
from worker.cabinets import Cabinet
from worker.errors import OperatorError
from worker.market.client import MarketClient
from worker.market.errors import MarketError
from worker.market.models import Campaign

ASK = "Api-Key of the seller's cabinet, scope communication (ACMA:..., not shown): "
NO_CABINET = 1  # the client asks for one; the methods used here do not send it


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)


def init(
    key_env: Annotated[
        str | None, typer.Option(help="The environment variable that holds the key, instead of being asked for it.")
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="The file that holds the key, instead of being asked for it.")
    ] = None,
) -> None:
    """Take an Api-Key, see which cabinets it opens, and write them into the settings file."""
    current = settings.load()
    path = settings.config_path()
    key = _key(key_env, key_file)
    shops = _opened(current, key)
    added = []
    for business_id, name in shops.items():
        if current.cabinet(business_id):
            typer.echo(f"cabinet {name} ({business_id}) is in the settings already")
        else:
            place = key_env or key_file or _kept(path, business_id, key)
            added.append(_entry(business_id, name, place))
            typer.echo(f"cabinet {name} ({business_id}) is added to {path}")
    if added:
        _append(path, added)
    elsewhere = f" --config {path}" if path != settings.DEFAULT_CONFIG else ""
    typer.echo(f"next: chatwarden{elsewhere} up; then, beside it: chatwarden{elsewhere} doctor")


def _key(variable: str | None, file: Path | None) -> SecretStr:
    """Return the key from where it is, or ask for it."""
    if variable or file:
        try:
            return Cabinet(business_id=NO_CABINET, name="new", api_key_env=variable, api_key_file=file).read_key()
        except ValidationError:
            raise OperatorError(
                "--key-env takes the name of an environment variable, --key-file a file; give one of the two"
            ) from None
    given = getpass.getpass(ASK) if sys.stdin.isatty() else sys.stdin.readline()
    key = given.strip()
    if not key or not key.isascii() or any(sign.isspace() for sign in key):
        raise OperatorError("that is no Api-Key; make one in the seller's cabinet and give it as it is (ACMA:...)")
    return SecretStr(key)


def _opened(current: settings.Settings, key: SecretStr) -> dict[int, str]:
    """Ask Market which cabinets a key opens: their names by their numbers."""
    with MarketClient(
        NO_CABINET, key, base_url=str(current.market_url).rstrip("/"), timeout_s=current.market_timeout_s
    ) as client:
        try:
            token = client.get_auth_token_info()
            campaigns = _campaigns(client)
        except MarketError as error:
            advice = "give a key that works" if error.permanent else "see that this machine reaches Market, try again"
            raise OperatorError(f"Market does not take the key: {error}; {advice}") from None
    if not token.can_read_chats:
        raise OperatorError(
            f"the key may not read chats (it has {', '.join(token.scopes)}); make one with the scope communication"
        )
    shops = {one.business_id: one.business_name or one.name or "" for one in campaigns if one.business_id}
    if not shops:
        raise OperatorError("the key works but opens no cabinet; add a shop in the seller's cabinet, or take its key")
    return shops


def _campaigns(client: MarketClient) -> list[Campaign]:
    page = client.get_campaigns()
    campaigns = list(page.campaigns)
    while page.next_page_token:
        page = client.get_campaigns(page_token=page.next_page_token)
        campaigns += page.campaigns
    return campaigns


def _kept(config: Path, business_id: int, key: SecretStr) -> Path:
    """Write the key into a file beside the settings that this user alone can read."""
    path = config.absolute().with_name(f"cabinet-{business_id}.key")
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(f"{key.get_secret_value()}\n", encoding="ascii")
    except OSError as error:
        raise OperatorError(f"{path} cannot be written ({error.strerror}); let this user write there") from None
    return path


def _entry(business_id: int, name: str, place: str | Path) -> str:
    setting = "api_key_file" if isinstance(place, Path) else "api_key_env"
    where = str(place.absolute()) if isinstance(place, Path) else place
    return f"[[cabinets]]\nbusiness_id = {business_id}\nname = {_quoted(name)}\n{setting} = {_quoted(where)}\n"


def _quoted(text: str) -> str:
    """Return a TOML string; JSON's are a part of those."""
    return json.dumps(text, ensure_ascii=False)


def _append(path: Path, entries: list[str]) -> None:
    """Write entries to the end of the settings file, which is there as a whole or not at all."""
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = "\n".join([before, *entries] if before else entries)
        tomllib.loads(after)
        draft = path.with_name(f"{path.name}.draft")
        draft.write_text(after, encoding="utf-8")
        draft.replace(path)
    except tomllib.TOMLDecodeError:
        raise OperatorError(
            f"{path}: cabinets are written there in another form; add yourself: {'; '.join(entries)}"
        ) from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be written ({error.strerror}); let this user write there") from None
