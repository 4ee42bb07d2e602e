"""Fair queueing: each cabinet's ids stand in a line of its own, and only so many of them are at the workers at once.

Market takes few requests of a cabinet at a time, so more workers than that would only wait for each other. An id that
is admitted goes into the queue of messages; when its check ends, the next of its cabinet is admitted. So the queue is
as short as the cabinets are many, and whoever has thousands makes nobody else wait behind them.

Lines are transport as the queue is: the store knows every id that waits.
"""

from collections.abc import Collection, Sequence

import redis

from worker.store import MessageKey

# An admitted id that was not heard of for so long no longer counts: its worker was killed, or is slow. Longer than a
# check mostly takes; should more be admitted than the share, they wait for their turn at Market.
ADMITTED_S = 3.0

LENGTHS = "chatwarden:lines"  # a hash: how many stand in the line of each cabinet

# The line is a sorted set of ids by their time of arrival, so that nobody stands in it twice; who is admitted is one by
# the time of expiry.
ADMIT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local leaving = tonumber(ARGV[4])
for at = 5, 4 + leaving do
    redis.call('ZREM', KEYS[1], ARGV[at])
    redis.call('ZREM', KEYS[2], ARGV[at])
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
for at = 5 + leaving, #ARGV do
    if not redis.call('ZSCORE', KEYS[2], ARGV[at]) then
        redis.call('ZADD', KEYS[1], 'NX', now + at / 1000000, ARGV[at])
    end
end
local admitted = {}
local room = ARGV[1] - redis.call('ZCARD', KEYS[2])
if room > 0 then
    local first = redis.call('ZPOPMIN', KEYS[1], room)
    for at = 1, #first, 2 do
        redis.call('ZADD', KEYS[2], now + ARGV[2], first[at])
        admitted[#admitted + 1] = first[at]
    end
end
local left = redis.call('ZCARD', KEYS[1])
if left > 0 then
    redis.call('HSET', KEYS[3], ARGV[3], left)
else
    redis.call('HDEL', KEYS[3], ARGV[3])
end
return admitted
"""


def admit(
    client: redis.Redis,
    business_id: int,
    *,
    share: int,
    joining: Collection[MessageKey] = (),
    leaving: Collection[MessageKey] = (),
) -> list[MessageKey]:
    """Let ids of a cabinet join its line and others leave line and workers, and return those whose turn it is now.

    The caller puts what is returned into the queue. `share` is how many of the cabinet's ids may be at the workers at
    once. Raises RedisError when Redis is away.
    """
    keys = [f"chatwarden:line:{business_id}", f"chatwarden:admitted:{business_id}", LENGTHS]
    names = [f"{key.chat_id} {key.message_id}" for key in (*leaving, *joining)]
    arguments: list[str | float] = [share, ADMITTED_S, business_id, len(leaving), *names]
    admitted: Sequence[bytes] = client.register_script(ADMIT)(keys=keys, args=arguments)
    return [MessageKey(business_id, *map(int, name.split(b" "))) for name in admitted]


def lengths(client: redis.Redis) -> dict[int, int]:
    """Return how many ids stand in the line of each cabinet that has one."""
    return {int(business_id): int(length) for business_id, length in client.hgetall(LENGTHS).items()}
