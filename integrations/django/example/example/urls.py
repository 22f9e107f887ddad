"""The page, signing in and out, and the endpoints of the variant."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.page),
    path("accounts/login/", LoginView.as_view(template_name="form.html"), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("accounts/password/", PasswordChangeView.as_view(template_name="form.html", success_url="/"), name="password"),
    path("accounts/close/", views.close_account, name="close"),
]
if "seseragi_django" in settings.INSTALLED_APPS:
    urlpatterns += [
        path("auth/", include("seseragi_django.urls")),
        path(".well-known/", include("seseragi_django.well_known")),
    ]
if settings.VARIANT == "classic":
    urlpatterns += [path("auth/issue", views.issue_token)]
if settings.VARIANT == "drf":
    from rest_framework.authtoken.views import obtain_auth_token

    from seseragi_django.drf import IssueView

    urlpatterns += [path("api/login", obtain_auth_token), path("api/issue", IssueView.as_view())]
if settings.VARIANT == "simplejwt":
    from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

    urlpatterns += [
        path("api/token", TokenObtainPairView.as_view()),
        path("api/token/refresh", TokenRefreshView.as_view()),
    ]
if settings.VARIANT == "allauth":
    urlpatterns += [path("_allauth/", include("allauth.headless.urls")), path("allauth/", include("allauth.urls"))]
