"""`python -m worker.cli`: how Chatwarden starts its own processes, whatever is on PATH."""

from worker.cli import main

main()
