"""A profile's credentials → what snowflake.connector.connect gets (dbt.adapters.snowflake.connections)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from exec_logger.errors import ExecLogError

TOKEN_URL = "https://{account}.snowflakecomputing.com/oauth/token-request"
LOGIN_SECONDS = 30
PERSON_SECONDS = 120
"""Where a person has to do something, in a browser or on a phone."""
NETWORK_SECONDS = 120
AS_GIVEN = ("user", "password", "host", "port", "proxy_host", "proxy_port", "protocol", "warehouse", "role")


def connection_arguments(credentials: Mapping[str, Any]) -> dict[str, Any]:
    """Reads the private key, and fetches an OAuth access token for a refresh token."""
    ours: dict[str, Any] = {
        "application": "execlog",
        "autocommit": True,
        "login_timeout": _login_seconds(credentials),
        "network_timeout": NETWORK_SECONDS,
        "session_parameters": {"QUERY_TAG": "execlog"},
    }
    if "connection_name" in credentials:
        own = credentials.get("session_parameters") or {}
        return {
            **ours,
            "connection_name": credentials["connection_name"],
            "session_parameters": {**own, **ours["session_parameters"]},
        }
    return {
        "account": _account(credentials),
        "database": credentials["database"],
        "schema": credentials["schema"],
        **{name: credentials[name] for name in AS_GIVEN if credentials.get(name)},
        "client_session_keep_alive": False,
        # as dbt: finding out on which cloud it runs costs a new connection up to 5 seconds
        "platform_detection_timeout_seconds": credentials.get("platform_detection_timeout_seconds", 0.0),
        "ocsp_root_certs_dict_lock_timeout": 10,
        **({"insecure_mode": True} if credentials.get("insecure_mode") else {}),
        **_authenticator(credentials),
        **_private_key(credentials),
        **ours,
    }


def _authenticator(credentials: Mapping[str, Any]) -> dict[str, Any]:
    authenticator = credentials.get("authenticator")
    if not authenticator:
        return {}
    arguments = {
        "authenticator": authenticator,
        "client_store_temporary_credential": True,
        "client_request_mfa_token": True,
    }
    if authenticator == "oauth":
        refresh = credentials.get("oauth_client_id") and credentials.get("oauth_client_secret")
        arguments["token"] = _access_token(credentials) if refresh else credentials.get("token")
    elif authenticator == "jwt":
        arguments |= {"authenticator": "oauth", "token": credentials.get("token")}
    elif authenticator == "programmatic_access_token":
        arguments["token"] = credentials.get("token")
    elif authenticator.lower() == "workload_identity":
        names = ("workload_identity_provider", "token", "workload_identity_entra_resource")
        arguments |= {
            "authenticator": "WORKLOAD_IDENTITY",
            **{name: credentials[name] for name in names if credentials.get(name)},
        }
    return arguments


def _access_token(credentials: Mapping[str, Any]) -> str:
    client = f"{credentials['oauth_client_id']}:{credentials['oauth_client_secret']}"
    body = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.get("token") or "",
        "redirect_uri": "http://localhost:9999",
    }
    request = Request(
        TOKEN_URL.format(account=_account(credentials)),
        urlencode(body).encode(),
        {
            "Authorization": "Basic " + base64.b64encode(client.encode()).decode(),
            "Content-type": "application/x-www-form-urlencoded;charset=utf-8",
        },
    )
    try:
        with urlopen(request, timeout=LOGIN_SECONDS) as response:
            return str(json.load(response)["access_token"])
    except (HTTPError, ValueError, KeyError, TypeError) as error:
        raise ExecLogError("Snowflake gave no access token for the OAuth refresh token. Log in anew.") from error
    except (URLError, TimeoutError) as error:
        raise ExecLogError(
            f"cannot reach {request.host} for an OAuth access token. Check `account` and the network."
        ) from error


def _private_key(credentials: Mapping[str, Any]) -> dict[str, bytes]:
    """The key as unencrypted DER, which is what the connector takes; given by path, or as PEM or Base64 DER."""
    text, path = credentials.get("private_key"), credentials.get("private_key_path")
    if not text and not path:
        return {}
    if text and path:
        raise ExecLogError("the target has both `private_key` and `private_key_path`. Leave one.")
    from cryptography.hazmat.primitives import serialization

    passphrase = credentials.get("private_key_passphrase")
    password = str(passphrase).encode() if passphrase else None
    name = "private_key_path" if path else "private_key"
    try:
        if path or str(text).startswith("-"):
            pem = Path(str(path)).expanduser().read_bytes() if path else str(text).encode()
            key = serialization.load_pem_private_key(pem, password)
        else:
            key = serialization.load_der_private_key(base64.b64decode(str(text)), password)
    except OSError as error:
        raise ExecLogError(f"cannot read the private key {path}: {error.strerror}.") from error
    except Exception as error:
        raise ExecLogError(f"`{name}` holds no private key that its passphrase opens. Check both.") from error
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"private_key": der}


def _account(credentials: Mapping[str, Any]) -> str:
    return str(credentials["account"]).replace("_", "-")


def _login_seconds(credentials: Mapping[str, Any]) -> int:
    authenticator = str(credentials.get("authenticator") or "").lower()
    return PERSON_SECONDS if authenticator in ("externalbrowser", "username_password_mfa") else LOGIN_SECONDS
