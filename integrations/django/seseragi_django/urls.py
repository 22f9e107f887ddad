"""`path("auth/", include("seseragi_django.urls"))`."""

from django.urls import path

from . import views

app_name = "seseragi"
urlpatterns = [
    path("issue", views.issue, name="issue"),
    path("refresh", views.refresh_token, name="refresh"),
    path("revoke", views.revoke_token, name="revoke"),
    path("jwks.json", views.jwks, name="jwks"),
]
