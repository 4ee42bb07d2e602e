"""`chatwarden demo`: the main job from end to end on this machine, against a sandbox Market.

Everything is real but Market and the shops: a Redis-compatible server, Celery workers as processes of their own, HTTP,
SQLite, and Sentry where SENTRY_DSN is set.
"""
