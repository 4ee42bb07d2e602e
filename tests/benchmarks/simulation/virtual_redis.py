"""Redis in virtual time: Chatwarden's scripts run by Lua, as in Redis, over dictionaries and a clock that is given."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from lupa.lua51 import LuaRuntime

Value = str | float


COMMANDS = (
    "EXPIRE", "EXPIREAT", "HDEL", "HGET", "HINCRBY", "HMGET", "HSET", "TIME", "ZADD", "ZCARD", "ZPOPMIN", "ZREM",
    "ZREMRANGEBYSCORE", "ZSCORE",
)  # fmt: skip
CALL = "function(commands) redis = {call = function(name, ...) return commands[name](...) end} end"


class VirtualRedis:
    """The commands that Chatwarden's scripts use; takes the place of `redis.Redis` where scripts are registered.

    Args:
        clock: seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lua: Any = LuaRuntime(unpack_returned_tuples=False)
        self._scripts: dict[str, Any] = {}
        self._sorted: dict[str, dict[str, float]] = {}  # members by score, lowest first
        self._hashes: dict[str, dict[str, Value]] = {}
        commands = {name: getattr(self, f"_{name.lower()}") for name in COMMANDS}
        set_up: Any = self._lua.eval(CALL)
        set_up(self._lua.table_from(commands))

    def register_script(self, text: str) -> Callable[..., Any]:
        """Return a script to be called with `keys` and `args`, as redis-py's are."""
        if text not in self._scripts:
            self._scripts[text] = self._lua.eval(f"function(KEYS, ARGV)\n{text}\nend")

        def script(keys: Iterable[str], args: Iterable[Value]) -> Any:
            told = self._scripts[text](self._lua.table(*keys), self._lua.table(*map(str, args)))
            return told if told is None or isinstance(told, str) else [name.encode() for name in told.values()]

        return script

    def hgetall(self, key: str) -> dict[str, Value]:
        """Return a hash."""
        return self._hashes.get(key, {})

    def _time(self) -> Any:
        seconds, part = divmod(self._clock(), 1)
        return self._lua.table(str(int(seconds)), str(int(part * 1_000_000)))

    def _expire(self, *_: Value) -> None:
        """Forget nothing: what is out of date is known by its own times."""

    _expireat = _expire

    def _hget(self, key: str, field: str) -> Value | None:
        return self._hashes.get(key, {}).get(field)

    def _hmget(self, key: str, *fields: str) -> Any:
        return self._lua.table(*(self._hget(key, field) for field in fields))

    def _hset(self, key: str, *pairs: Value) -> None:
        fields = self._hashes.setdefault(key, {})
        for field, value in zip(pairs[::2], pairs[1::2], strict=True):
            fields[str(field)] = value

    def _hincrby(self, key: str, field: str, by: float) -> None:
        self._hashes[key][field] = float(self._hashes[key][field]) + by

    def _hdel(self, key: str, field: str) -> None:
        self._hashes.get(key, {}).pop(field, None)

    def _zadd(self, key: str, *arguments: Any) -> None:
        *flags, score, member = arguments
        members = self._sorted.setdefault(key, {})
        if "NX" in flags and member in members:
            return
        members.pop(member, None)
        last = next(reversed(members.values()), score)
        members[member] = score
        if score < last:
            self._sorted[key] = dict(sorted(members.items(), key=lambda one: one[1]))

    def _zcard(self, key: str) -> int:
        return len(self._sorted.get(key, ()))

    def _zscore(self, key: str, member: str) -> float | None:
        return self._sorted.get(key, {}).get(member)

    def _zrem(self, key: str, member: str) -> None:
        self._sorted.get(key, {}).pop(member, None)

    def _zpopmin(self, key: str, count: float) -> Any:
        members = self._sorted.get(key, {})
        first = list(islice(members, int(count)))
        return self._lua.table(*(part for member in first for part in (member, members.pop(member))))

    def _zremrangebyscore(self, key: str, _lowest: str, highest: float) -> None:
        members = self._sorted.get(key, {})
        while members and (oldest := next(iter(members.items())))[1] <= highest:
            del members[oldest[0]]
