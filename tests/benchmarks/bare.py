"""The least that FastAPI can do with a notification, served as the doors are: what the doors are compared with."""

import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from worker.web.serving import listen, serve

app = FastAPI()


@app.post("/notification")
async def notification(_body: dict[str, Any]) -> dict[str, str]:
    """Take any JSON object."""
    return {"name": "bare"}


def main(ready: Path) -> None:
    """Serve until told to stop; `ready` gets the port."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]

        def announce() -> None:
            ready.write_text(f"{port}", encoding="ascii")

        serve(app, listener, announce)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
