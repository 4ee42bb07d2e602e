"""Redis by URL: a server, one behind TLS, one found by a sentinel; all of them real."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from tests.ports import free_port
from tests.tls import tls_before
from tests.waiting import until
from worker.broker import Sentinels, celery_settings, require_redis
from worker.embedded import find_server
from worker.errors import OperatorError
from worker.market.quota import Quota
from worker.processes import Children


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def celery_speaks(url: str) -> bool:
    """Send a message through kombu as Celery does, and take it out again."""
    told = celery_settings(url)
    options = told["transport_options"]
    with Connection(told["url"], ssl=told["ssl"] or False, transport_options=options) as connection:
        queue = connection.SimpleQueue("told")
        queue.put("hello")
        message = queue.get(timeout=10)
        message.ack()
        queue.close()
        return bool(message.payload == "hello")


def speaks(url: str) -> bool:
    """Use the server in every way that Chatwarden does."""
    require_redis(url)
    quota = Quota(url, 7, parallel=3, reserve=0.3)
    with quota.slot("getChats"):
        pass
    quota.close()
    return celery_speaks(url)


@pytest.fixture
def address(redis_url: str) -> tuple[str, str]:
    """The user part of the server's URL, and its place."""
    user, _, place = redis_url.removeprefix("redis://").rpartition("@")
    return user, place.removesuffix("/0")


def test_a_server(redis_url: str) -> None:
    assert speaks(redis_url)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
class TestTls:
    @pytest.fixture
    def secured(self, address: tuple[str, str], tmp_path: Path) -> Iterator[tuple[str, Path]]:
        """The URL of the server behind TLS, and the certificate to trust."""
        user, place = address
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=redis"
        files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "ca.pem"]
        subprocess.run([*command.split(), *files], cwd=tmp_path, check=True, capture_output=True)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tmp_path / "ca.pem", tmp_path / "key.pem")
        with tls_before(place, context) as port:
            yield f"rediss://{user}@127.0.0.1:{port}/0", tmp_path / "ca.pem"

    def test_with_its_certificate(self, secured: tuple[str, Path]) -> None:
        url, certificate = secured
        assert speaks(f"{url}?ssl_ca_certs={certificate}")

    def test_that_nobody_vouches_for_is_refused_by_everyone(self, secured: tuple[str, Path]) -> None:
        url, _ = secured
        with pytest.raises(OperatorError, match=r"Redis does not answer \(ConnectionError\)"):
            require_redis(url)
        assert celery_settings(url)["ssl"] == {"ssl_cert_reqs": "required"}


class TestSentinels:
    @pytest.fixture
    def url(self, address: tuple[str, str], tmp_path: Path) -> Iterator[str]:
        """A sentinel that watches the server under the name `shop`."""
        user, place = address
        host, _, port = place.partition(":")
        own = free_port()
        config = tmp_path / "sentinel.conf"
        config.write_text(
            f"bind 127.0.0.1\nport {own}\ndir {tmp_path}\nsentinel monitor shop {host} {port} 1\n"
            f"sentinel auth-pass shop {user.removeprefix(':')}\n"
        )
        with Children() as children:
            children.start("sentinel", [find_server(), str(config), "--sentinel"], log=tmp_path / "log")
            until(lambda: listens(own))
            yield f"sentinel://{user}@127.0.0.1:{own},127.0.0.1:1/shop/0"

    def test_lead_to_the_server(self, url: str) -> None:
        assert speaks(url)

    def test_that_do_not_know_the_server(self, url: str) -> None:
        with pytest.raises(OperatorError, match=r"Redis does not answer \(MasterNotFoundError\)"):
            require_redis(url.replace("/shop/", "/other/"))

    def test_are_read_from_a_url(self) -> None:
        told = Sentinels.of("sentinel://me:p%40ss@one,two:7/shop/3?sentinel_password=hunter2")
        assert told == Sentinels((("one", 26379), ("two", 7)), "shop", 3, "me", "p@ss", "hunter2")

    @pytest.mark.parametrize("url", ["sentinel://one:1", "sentinel://one:1/shop/x", "sentinel://,two/shop"])
    def test_are_not_read_from_anything_else(self, url: str) -> None:
        with pytest.raises(ValueError, match="sentinel://host:26379/name"):
            Sentinels.of(url)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis://127.0.0.1:nonsense/0", "redis://[::1/0"])
def test_what_does_not_answer_is_refused(url: str) -> None:
    with pytest.raises(OperatorError, match="Redis does not answer"):
        require_redis(url)


def test_a_wrong_password_is_refused_without_being_shown(redis_url: str) -> None:
    wrong = f"redis://:hunter2@{redis_url.rpartition('@')[2]}"
    with pytest.raises(OperatorError, match=r"Redis does not answer \(AuthenticationError\)") as caught:
        require_redis(wrong)
    assert "hunter2" not in str(caught.value)
