"""How this Zalo says no. Only the words marked so were seen at the real one."""

from http import HTTPStatus

NOT_FOUND = "Not Found"  # seen
REQUEST_TIMEOUT = "Request timeout"  # seen
QUOTA_EXCEEDED = "Quota exceeded"  # seen
PHOTO_SCHEME = "The photo must start with http:// or https://"  # seen
INTERNAL_ERROR = "Internal server error"  # 403, by the official table
UNAUTHORIZED = "Unauthorized"
WEBHOOK_SET = "Bad request: getUpdates cannot be used while a webhook is set"
TOO_OFTEN = "testWebhook is called too often"
TOO_MANY_TESTS = 426  # of testWebhook alone


class ApiError(Exception):
    """An answer with `"ok": false`."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = int(code)
        self.description = description


def bad_request(description: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, description)


def empty(name: str) -> ApiError:
    return bad_request(f"The {name} must not be empty")  # seen for chat_id


def not_found() -> ApiError:
    return ApiError(HTTPStatus.NOT_FOUND, NOT_FOUND)


def idle() -> ApiError:
    return ApiError(HTTPStatus.REQUEST_TIMEOUT, REQUEST_TIMEOUT)
