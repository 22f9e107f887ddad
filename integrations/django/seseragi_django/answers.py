"""JSON answers and JSON bodies: problem documents (RFC 9457), nothing cached, nothing lenient."""

import json

from django.http import HttpRequest, JsonResponse

BODY_BYTES_MAX = 8192
TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    413: "Too large", 415: "Unsupported media type", 500: "Misconfigured",
}


class Problem(Exception):
    """Something that ends a request with a problem document. `reason` is stable; `detail` is for people."""

    def __init__(self, status: int, reason: str, detail: str, headers: dict | None = None, **more: str) -> None:
        super().__init__(reason)
        self.status, self.reason, self.detail, self.headers, self.more = status, reason, detail, headers or {}, more

    def response(self) -> JsonResponse:
        body = {
            "type": "about:blank", "title": TITLES[self.status], "status": self.status, "detail": self.detail,
            "reason": self.reason,
        } | self.more
        made = JsonResponse(body, status=self.status, headers=self.headers)
        made["Content-Type"] = "application/problem+json"
        return no_store(made)


def no_store(response: JsonResponse) -> JsonResponse:
    """Marks an answer as one that no cache keeps."""
    response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
    return response


def unauthenticated(detail: str = "Sign in first.") -> Problem:
    """401, with the challenge that RFC 9110 §15.5.2 wants. Never a redirect to a page."""
    return Problem(401, "not_signed_in", detail, {"WWW-Authenticate": 'Bearer realm="seseragi"'})


def body(request: HttpRequest, known: frozenset, form: bool = False) -> dict:
    """The members of a small JSON object (or, with `form`, of a form) with text values. No body is no members."""
    media, size = request.content_type, request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdigit() or int(size) > BODY_BYTES_MAX:
        raise Problem(413, "too_large", f"A body has at most {BODY_BYTES_MAX} bytes.")
    as_form = form and media == "application/x-www-form-urlencoded"
    if media != "application/json" and not as_form:
        # Not read: a multipart body may have been used up in search of a CSRF token.
        if size != "0":
            raise Problem(415, "content_type", "Send application/json.")
        return {}
    # The length that was said may be missing.
    if len(request.body) > BODY_BYTES_MAX:
        raise Problem(413, "too_large", f"A body has at most {BODY_BYTES_MAX} bytes.")
    members = _fields(request) if as_form else _object(request.body or b"{}")
    if unknown := sorted(set(members) - known):
        raise Problem(400, "unknown_member", f"{unknown[0]!r:.80} is not known here.", error="invalid_request")
    if wrong := [name for name, value in members.items() if not isinstance(value, str)]:
        raise Problem(400, "not_text", f"{wrong[0]!r} must be text.", error="invalid_request")
    return members


def _fields(request: HttpRequest) -> dict:
    if doubled := [name for name, values in request.POST.lists() if len(values) > 1]:
        raise Problem(400, "duplicate_member", f"{doubled[0]!r:.80} is there twice.", error="invalid_request")
    return request.POST.dict()


def _object(data: bytes) -> dict:
    def once(pairs: list) -> dict:
        if len({name for name, _ in pairs}) < len(pairs):
            raise Problem(400, "duplicate_member", "A member is there twice.", error="invalid_request")
        return dict(pairs)

    try:
        members = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "not_json", "The body is not JSON.", error="invalid_request") from error
    if not isinstance(members, dict):
        raise Problem(400, "not_an_object", "The body must be a JSON object.", error="invalid_request")
    return members
