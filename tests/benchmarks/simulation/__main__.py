"""A day of 300 cabinets in virtual time: queue delay, requests, fairness, and how many worker processes it takes.

    python -m tests.benchmarks.simulation [--cabinets 300] [--messages 1000000] [--market-ms 100] [--bound 2] [--seed 1]

First a short run of the real pipeline measures how long things take, and what becomes of a burst that is then simulated
too; then the day is simulated, its ids coming by notifications, whose chats are looked at again. Sweeps are left out.
"""

import argparse
import os
import random
import tempfile
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

from tests.benchmarks.simulation import calibration, day
from tests.benchmarks.simulation.day import Burst
from tests.benchmarks.simulation.workers import Costs, Workers
from worker.sandbox.limits import HOURLY
from worker.store import MessageKey

BURST_PROCESSES = 2
PROCESSES = (4, 6, 8, 12, 16, 24)
BUSIEST = (day.PEAK,)
BURST = Burst(day.BEGIN + (day.PEAK + 0.5) * day.HOUR_S, 1, 5000)


def main() -> None:
    """Measure, simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cabinets", type=int, default=300)
    parser.add_argument("--messages", type=int, default=1_000_000, help="a day, of all cabinets")
    parser.add_argument("--market-ms", type=float, default=100, help="until Market answers")
    parser.add_argument("--bound", type=float, default=2, help="p95 in times of a message alone")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    _say(f"seed {options.seed}, load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        costs, real = calibration.measure(Path(folder), market_s=options.market_ms / 1000, processes=BURST_PROCESSES)
    _say("measured, ms: " + ", ".join(f"{name} {value * 1000:.1f}" for name, value in costs._asdict().items()))
    _compare(real, costs)
    daily = day.sizes(options.cabinets, options.messages)
    _say(
        f"a day of {options.messages} messages of {options.cabinets} cabinets: {daily[0]:.0f} of the largest, "
        f"{daily[len(daily) // 2]:.0f} of the middle, {daily[-1]:.0f} of the smallest"
    )
    alone = costs.transport + costs.check + costs.market
    processes = _fewest(daily, costs, options.bound * alone, options.seed)
    _fairness(daily, costs, processes, options.seed)
    _whole_day(daily, costs, processes, options.seed)


def simulate(
    daily: Sequence[float],
    costs: Costs,
    processes: int,
    *,
    hours: Sequence[int],
    seed: int,
    bursts: Sequence[Burst] = (),
    only: int | None = None,
) -> Workers:
    """Simulate hours of a day; `only` one cabinet of all, whose messages are the same as with the others."""
    workers = Workers(processes, costs)
    arrivals = day.arrivals(random.Random(seed), daily, hours, bursts)
    workers.run(one for one in arrivals if only in (None, one[1].business_id))
    return workers


def _compare(real: dict[int, list[float]], costs: Costs) -> None:
    """Print what became of a burst, for real and simulated."""
    numbers = count(1)
    keys = [MessageKey(cabinet, number := next(numbers), number) for cabinet in real for _ in real[cabinet]]
    workers = Workers(BURST_PROCESSES, costs, notified=False)
    workers.run((day.BEGIN, key) for key in keys)
    for cabinet, delays in real.items():
        _say(f"burst of {len(delays)} ids of cabinet {cabinet} at {BURST_PROCESSES} processes, real: {_shown(delays)}")
        _say(f"the same, simulated: {_shown(_of(workers, {cabinet}))}")


def _fewest(daily: Sequence[float], costs: Costs, bound: float, seed: int) -> int:
    """Print the delays of the busiest hour by the number of processes; return the fewest that keep the bound."""
    for processes in PROCESSES:
        workers = simulate(daily, costs, processes, hours=BUSIEST, seed=seed)
        _say(f"the busiest hour, {processes} processes: {_shown(workers.verdict_after)}")
        if _quantile(sorted(workers.verdict_after), 0.95) <= bound:
            break
    _say(f"{processes} processes are the fewest of these that keep p95 under {_seconds(bound)}")
    return processes


def _fairness(daily: Sequence[float], costs: Costs, processes: int, seed: int) -> None:
    """Print the delay of a small cabinet alone, beside all others, and while the largest has thousands at once."""
    small = len(daily) // 2
    alone = simulate(daily, costs, processes, hours=BUSIEST, seed=seed, only=small)
    beside = simulate(daily, costs, processes, hours=BUSIEST, seed=seed, bursts=[BURST])
    done = max(one.arrived_at + one.seconds for one in beside.delays if one.arrived_at == BURST.at)
    during = [one for one in beside.delays if BURST.at < one.arrived_at < done and one.business_id >= small]
    _say(f"cabinet {small} alone: {_shown(alone.verdict_after)}")
    _say(f"beside all others: {_shown(_of(beside, {small}))}")
    _say(
        f"all that are no larger, in the {done - BURST.at:.0f} s in which {BURST.messages} ids of the largest "
        f"that came at once are judged: {_shown(one.seconds for one in during)}"
    )


def _whole_day(daily: Sequence[float], costs: Costs, processes: int, seed: int) -> None:
    """Print delays and requests of the whole day, the largest cabinet's burst at noon included."""
    workers = simulate(daily, costs, processes, hours=range(24), seed=seed, bursts=[BURST])
    peak = day.BEGIN + day.PEAK * day.HOUR_S
    busiest = [one.seconds for one in workers.delays if 0 <= one.arrived_at - peak < day.HOUR_S]
    _say(f"the whole day, {processes} processes: {_shown(workers.verdict_after)}")
    _say(f"its busiest hour: {_shown(busiest)}; the largest cabinet's {_shown(_of(workers, {1}))}")
    market = workers.market
    for method in sorted({method for _, method, _ in market.requests}):
        spent = [count for (_, name, _), count in market.requests.items() if name == method]
        most = f"at most {max(spent)} of a cabinet in a clock hour, {HOURLY[method]} in one of Market's"
        _say(f"{method}: {sum(spent)} requests, {most}")
    _say(
        f"at most {market.most_in_flight} in flight, {market.limited} answers 420, {workers.put_off} ids put off, "
        f"{workers.looks_left_out} looks left out"
    )


def _of(workers: Workers, cabinets: set[int]) -> list[float]:
    return [one.seconds for one in workers.delays if one.business_id in cabinets]


def _shown(delays: Iterable[float]) -> str:
    ordered = sorted(delays)
    named = ((name, _quantile(ordered, share)) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)))
    return ", ".join(f"{name} {_seconds(value)}" for name, value in named) + f" ({len(ordered)})"


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
