"""OAuth with a refresh token: dbt's `token` together with a client's id and secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from exec_logger.errors import ExecLogError

TOKEN_URL = "https://{account}.snowflakecomputing.com/oauth/token-request"
REDIRECT_URI = "http://localhost:9999"
"""Never called; Snowflake asks for one."""
SECONDS = 30


def access_token(credentials: Mapping[str, Any]) -> str:
    client = f"{credentials['oauth_client_id']}:{credentials['oauth_client_secret']}"
    refresh_token = str(credentials.get("token") or "")
    body = {"grant_type": "refresh_token", "refresh_token": refresh_token, "redirect_uri": REDIRECT_URI}
    request = Request(
        TOKEN_URL.format(account=host_name(credentials["account"])),
        urlencode(body).encode(),
        {
            "Authorization": "Basic " + base64.b64encode(client.encode()).decode(),
            "Content-type": "application/x-www-form-urlencoded;charset=utf-8",
        },
    )
    try:
        with urlopen(request, timeout=SECONDS) as response:
            return str(json.load(response)["access_token"])
    except (HTTPError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, HTTPError):
            error.close()
        raise ExecLogError("Snowflake gives no access token for the OAuth refresh token. Log in anew.") from error
    except OSError as error:
        raise ExecLogError(
            f"cannot reach {request.host} for an OAuth access token. Check `account` and the network."
        ) from error


def host_name(account: Any) -> str:
    """An account's name as host names write it."""
    return str(account).replace("_", "-")
