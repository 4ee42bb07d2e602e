"""Days of messages in virtual time: the decisions are Chatwarden's own, the limits Market's as the sandbox keeps them.

What runs for real is `Fetcher` (message or history, fallbacks), `Breaks`, the scripts that Redis runs for the fair
queue and the quota, by Lua itself, and the sandbox's limiter. What is simulated is time, the workers that take it, and
the store's memory. How long things take is measured before, on real workers: see `calibration`.
"""
