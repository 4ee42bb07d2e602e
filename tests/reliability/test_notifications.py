"""Market calls the receiver as it really does, repeating and holding back, while the receiver and Redis are killed."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.commands import CHATWARDEN
from tests.reliability.system import System, assert_nothing_lost_or_doubled, running_system
from tests.waiting import until
from worker.store import MessageKey

AGAIN_AFTER_S = 0.2  # Market itself waits a minute
ANSWER_S = 10.0


class Caller:
    """Market as it notifies: one after the other, each repeated until it is answered with 200 or 400.

    Attributes:
        answers: how often each status came; 0 stands for no answer.
        slowest_s: the longest that an answer took.
    """

    def __init__(self, url: str) -> None:
        self.answers: Counter[int] = Counter()
        self.slowest_s = 0.0
        self.told = 0
        self._client = httpx.Client(base_url=url, timeout=ANSWER_S, trust_env=False)

    def tell(self, keys: Sequence[MessageKey]) -> None:
        """Notify of messages, in their order."""
        for key in keys:
            body = {
                "notificationType": "CHAT_MESSAGE_SENT",
                "businessId": key.business_id,
                "chatId": key.chat_id,
                "messageId": str(key.message_id),
            }
            while self._status(body) not in {200, 400}:
                time.sleep(AGAIN_AFTER_S)
            self.told += 1
        self._client.close()

    def has_told(self, count: int) -> bool:
        """Whether so many notifications were taken."""
        return self.told >= count

    def _status(self, body: Mapping[str, object]) -> int:
        began = time.monotonic()
        try:
            status = self._client.post("/notification", json=body).status_code
        except httpx.HTTPError:
            status = 0
        else:
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        self.answers[status] += 1
        return status


@pytest.mark.parametrize(
    ("chats", "kills"), [(15, 2), pytest.param(250, 5, marks=pytest.mark.slow)], ids=["300", "5000"]
)
def test_kills_of_the_receiver_lose_and_double_nothing(
    tmp_path: Path, rng: random.Random, measured: Callable[[str], None], chats: int, kills: int
) -> None:
    with running_system(
        tmp_path,
        chats=chats,
        messages_a_chat=20,
        notification_networks="127.0.0.0/8",
        notifications_per_minute="100000",
    ) as system:
        keys = system.keys
        rng.shuffle(keys)
        url = _open_doors(system)
        caller = Caller(url)
        telling = threading.Thread(target=caller.tell, args=(keys,))
        telling.start()
        moments = sorted(rng.sample(range(len(keys) * 9 // 10), kills + 1))
        without_redis = rng.choice(moments)
        for moment in moments:
            until(partial(caller.has_told, moment), 300)
            if moment == without_redis:
                system.kill("redis")
                time.sleep(rng.uniform(0.5, 2.0))
                system.revive("redis")
            else:
                system.kill("serve")
                time.sleep(rng.uniform(0.0, 1.0))
                system.revive("serve")
        telling.join(300)
        took = system.wait_until_done(len(keys), 120)
        measured(
            f"{len(keys)} notifications, answers {dict(caller.answers)}, slowest {caller.slowest_s * 1000:.0f} ms; "
            f"all done {took:.1f} s after the last"
        )
        assert set(caller.answers) <= {0, 200}
        assert_nothing_lost_or_doubled(system)


def _open_doors(system: System) -> str:
    """Start the doors at a port that they get again after a kill; return their address."""
    ready = system.folder / "web.port"
    system.start("serve", *CHATWARDEN, "serve", "--port", "0", "--ready-file", str(ready))
    port = str(int(until(lambda: ready.exists() and ready.read_text(encoding="ascii"))))
    system.kill("serve")
    system.start("serve", *CHATWARDEN, "serve", "--port", port)
    url = f"http://127.0.0.1:{port}"
    until(lambda: _answers(url))
    return url


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).is_success
    except httpx.HTTPError:
        return False
