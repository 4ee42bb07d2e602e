"""Yandex.Market's chat API: what it answers, what can go wrong, and the client that asks it."""
