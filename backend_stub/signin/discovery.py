"""What the provider says about itself: OpenID Connect Discovery 1.0 and SMART App Launch 2.2 §2.1."""

from typing import Any

from backend_stub.config import Config
from backend_stub.signin.keys import ALGORITHM
from backend_stub.signin.request import LANGUAGES, PLAIN_SCOPES

SCOPES = [
    *PLAIN_SCOPES,
    "patient/*.rs",
    "patient/Communication.cruds",
    "patient/Binary.cruds",
    "patient/Task.cruds",
]
CAPABILITIES = [
    "launch-standalone",
    "client-public",
    "context-standalone-patient",
    "sso-openid-connect",
    "permission-offline",
    "permission-patient",
    "permission-v1",
    "permission-v2",
]
Document = dict[str, Any]


def openid(config: Config) -> Document:
    """``{issuer}/.well-known/openid-configuration``."""
    return _common(config) | {
        "end_session_endpoint": f"{config.issuer}/end_session",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "response_modes_supported": ["query"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": list(LANGUAGES),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "fhirUser"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "revocation_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
    }


def smart(config: Config) -> Document:
    """``[base]/.well-known/smart-configuration``."""
    return _common(config) | {
        "capabilities": CAPABILITIES,
        "authorization_response_iss_parameter_supported": True,
    }


def _common(config: Config) -> Document:
    issuer = config.issuer
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/jwks",
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "revocation_endpoint": f"{issuer}/revoke",
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "scopes_supported": SCOPES,
        "code_challenge_methods_supported": ["S256"],
    }
