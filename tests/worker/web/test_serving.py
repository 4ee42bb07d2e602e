import time

import httpx


def test_answers_over_a_kept_connection_do_not_wait_for_each_other(doors: httpx.Client) -> None:
    """Forty milliseconds each is what a client that is slow to acknowledge would cost: two seconds in all."""
    began = time.monotonic()
    for _ in range(50):
        assert doors.post("/notification", json={"notificationType": "PING"}).status_code == 200
    assert time.monotonic() - began < 1.5
