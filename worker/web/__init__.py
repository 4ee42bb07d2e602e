"""The doors: Market's notifications, the check before sending, health and metrics, over HTTP."""
