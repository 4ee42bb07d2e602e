"""A Market on localhost: it answers as Yandex.Market's chat API does, limits, errors and faults included.

`python -m worker.sandbox` runs it as a process of its own; `worker.sandbox.app.create_app` gives it to a test.
"""
