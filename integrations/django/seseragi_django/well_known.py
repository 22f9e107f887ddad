"""`path(".well-known/", include("seseragi_django.well_known"))`: the same keys where discovery looks for them."""

from django.urls import path

from . import views

urlpatterns = [
    path("jwks.json", views.jwks),
    path("openid-configuration", views.openid_configuration),
]
