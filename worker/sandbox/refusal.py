"""How Market says no."""

import json

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, LIMIT = 400, 401, 403, 404, 420

_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    420: "METHOD_FAILURE",
    423: "LOCKED",
    500: "INTERNAL_SERVER_ERROR",
    503: "SERVICE_UNAVAILABLE",
}


class RefusalError(Exception):
    """The request is answered with an error status and Market's words for it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message

    @property
    def body(self) -> bytes:
        """The error as Market writes it."""
        return error_body(self.status, self.message)


def error_body(status: int, message: str) -> bytes:
    """Return the body of an error answer."""
    error = {"code": _CODES.get(status, "UNKNOWN_ERROR"), "message": message}
    return json.dumps({"status": "ERROR", "errors": [error]}, ensure_ascii=False).encode()
