"""The same issue endpoint behind the authentication of Django REST framework: session, token, or any other.

    path("api/issue", seseragi_django.drf.IssueView.as_view())
"""

from django.http import JsonResponse
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from . import keys, tokens
from .answers import Problem, body, no_store, unauthenticated
from .views import ISSUE_MEMBERS, logger, token_answer


class IssueView(APIView):
    """POST: whoever DRF has authenticated gets an access token; with {"mode": "token"}, a refresh token, too.

    CSRF is DRF's business: its SessionAuthentication demands the token, the others use no cookie.
    """

    permission_classes = (IsAuthenticated,)
    renderer_classes = (JSONRenderer,)
    http_method_names = ("post", "options")

    def post(self, request: object) -> JsonResponse:
        by_session = isinstance(request.successful_authenticator, SessionAuthentication)
        sid = tokens.sid(request.session, remember=True) if by_session else None
        try:
            if not request.user.is_active:
                raise unauthenticated()
            return no_store(JsonResponse(token_answer(request.user, body(request._request, ISSUE_MEMBERS), sid)))
        except Problem as problem:
            return problem.response()
        except keys.KeyFault as fault:
            logger.error("%s. %s", fault, fault.hint)
            return Problem(500, "misconfigured", "The server cannot sign tokens; its log says why.").response()

    def get_authenticate_header(self, request: object) -> str:
        """Without one, DRF would answer 403 to the anonymous."""
        return super().get_authenticate_header(request) or 'Bearer realm="seseragi"'

    def finalize_response(self, request: object, response: object, *args: object, **kwargs: object) -> object:
        return no_store(super().finalize_response(request, response, *args, **kwargs))
