"""What the connector gets for each way to log in to Snowflake."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
import snowflake.connector
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from exec_logger.errors import ExecLogError
from exec_logger.warehouses import snowflake_oauth
from exec_logger.warehouses.snowflake_login import connection_arguments
from tests.snowflake_standin.client import StandIn

GIVEN = {"account": "my_org-acc", "user": "u", "database": "D", "schema": "S", "warehouse": "W", "role": "R"}
EXPECTED = {
    "account": "my-org-acc", "user": "u", "database": "D", "schema": "S", "warehouse": "W", "role": "R",
    "application": "execlog", "autocommit": True, "login_timeout": 30, "network_timeout": 120,
    "session_parameters": {"QUERY_TAG": "execlog"}, "platform_detection_timeout_seconds": 0.0,
    "ocsp_root_certs_dict_lock_timeout": 10,
}  # fmt: skip
CACHED = {"client_store_temporary_credential": True, "client_request_mfa_token": True}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
DER = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
LOCKED = BestAvailableEncryption(b"open sesame")


def pem(encryption: KeySerializationEncryption) -> str:
    return KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def der(encryption: KeySerializationEncryption) -> str:
    return base64.b64encode(KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, encryption)).decode()


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ({"password": "p"}, {"password": "p"}),
        ({"password": "p", "query_tag": "dbt", "threads": 4, "reuse_connections": True}, {"password": "p"}),
        (
            {"host": "h", "port": 8080, "protocol": "http", "proxy_host": "ph", "proxy_port": 1, "insecure_mode": True},
            {"host": "h", "port": 8080, "protocol": "http", "proxy_host": "ph", "proxy_port": 1, "insecure_mode": True},
        ),
        ({"authenticator": "externalbrowser"}, {"authenticator": "externalbrowser", "login_timeout": 120, **CACHED}),
        (
            {"authenticator": "username_password_mfa", "password": "p"},
            {"authenticator": "username_password_mfa", "password": "p", "login_timeout": 120, **CACHED},
        ),
        (
            {"authenticator": "https://me.okta.com", "password": "p"},
            {"authenticator": "https://me.okta.com", "password": "p", **CACHED},
        ),
        ({"authenticator": "oauth", "token": "t"}, {"authenticator": "oauth", "token": "t", **CACHED}),
        ({"authenticator": "jwt", "token": "t"}, {"authenticator": "oauth", "token": "t", **CACHED}),
        (
            {"authenticator": "programmatic_access_token", "token": "t"},
            {"authenticator": "programmatic_access_token", "token": "t", **CACHED},
        ),
        (
            {"authenticator": "workload_identity", "workload_identity_provider": "OIDC", "token": "t"},
            {"authenticator": "WORKLOAD_IDENTITY", "workload_identity_provider": "OIDC", "token": "t", **CACHED},
        ),
        ({"private_key": pem(NoEncryption())}, {"private_key": DER}),
        ({"private_key": pem(LOCKED), "private_key_passphrase": "open sesame"}, {"private_key": DER}),
        ({"private_key": der(NoEncryption())}, {"private_key": DER}),
        ({"private_key": der(LOCKED), "private_key_passphrase": "open sesame"}, {"private_key": DER}),
    ],
)
def test_credentials_become_the_connectors_arguments(credentials: dict[str, Any], expected: dict[str, Any]) -> None:
    assert connection_arguments({**GIVEN, **credentials}) == {**EXPECTED, **expected}


def test_a_private_key_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key.p8"
    file.write_text(pem(LOCKED))
    credentials = {**GIVEN, "private_key_path": str(file), "private_key_passphrase": "open sesame"}
    assert connection_arguments(credentials) == {**EXPECTED, "private_key": DER}


def test_a_connection_of_connections_toml_keeps_its_own_way_to_log_in() -> None:
    connection = {"account": "a", "session_parameters": {"TIMEZONE": "UTC"}, "authenticator": "externalbrowser"}
    assert connection_arguments({**connection, "connection_name": "ci"}) == {
        "connection_name": "ci",
        "application": "execlog",
        "autocommit": True,
        "login_timeout": 120,
        "network_timeout": 120,
        "session_parameters": {"TIMEZONE": "UTC", "QUERY_TAG": "execlog"},
    }


@pytest.mark.parametrize(
    ("credentials", "message"),
    [
        (
            {"private_key": pem(LOCKED), "private_key_passphrase": "wrong"},
            "`private_key` holds no private key that opens with its passphrase. Check both.",
        ),
        ({"private_key": "hunter22"}, "`private_key` holds no private key that opens with its passphrase. Check both."),
        ({"private_key_path": "/no/key"}, "cannot read the private key /no/key: No such file or directory."),
        (
            {"private_key": "k", "private_key_path": "/no/key"},
            "the target has both `private_key` and `private_key_path`. Leave one.",
        ),
    ],
)
def test_a_private_key_that_does_not_open_is_said_without_the_key(credentials: dict[str, Any], message: str) -> None:
    with pytest.raises(ExecLogError) as caught:
        connection_arguments({**GIVEN, **credentials})
    assert str(caught.value) == message


class TokenServer(HTTPServer):
    """Answers every request with `answer`, and keeps what it was asked."""

    answer: tuple[int, str] = (200, json.dumps({"access_token": "fresh"}))
    asked: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked = {"path": self.path, "authorization": self.headers["Authorization"], "form": parse_qs(body)}
        self.send_response(self.server.answer[0])
        self.end_headers()
        self.wfile.write(self.server.answer[1].encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def token_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    with TokenServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(snowflake_oauth, "TOKEN_URL", f"http://127.0.0.1:{server.server_port}/{{account}}/token")
        yield server
        server.shutdown()
        thread.join()


OAUTH = {"authenticator": "oauth", "token": "refresh+me", "oauth_client_id": "id", "oauth_client_secret": "hunter22"}


def test_a_refresh_token_is_exchanged_for_an_access_token(token_server: TokenServer) -> None:
    expected = {**EXPECTED, "authenticator": "oauth", "token": "fresh", **CACHED}
    assert connection_arguments({**GIVEN, **OAUTH}) == expected
    assert token_server.asked == {
        "path": "/my-org-acc/token",
        "authorization": "Basic " + base64.b64encode(b"id:hunter22").decode(),
        "form": {
            "grant_type": ["refresh_token"],
            "refresh_token": ["refresh+me"],
            "redirect_uri": ["http://localhost:9999"],
        },
    }


@pytest.mark.parametrize("answer", [(400, '{"error": "invalid_grant"}'), (200, '{"message": "expired"}'), (200, "<html>")])
def test_a_refresh_token_that_has_expired_asks_to_log_in(token_server: TokenServer, answer: tuple[int, str]) -> None:
    token_server.answer = answer
    with pytest.raises(ExecLogError) as caught:
        connection_arguments({**GIVEN, **OAUTH})
    assert str(caught.value) == "Snowflake gives no access token for the OAuth refresh token. Log in anew."


def test_a_token_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snowflake_oauth, "TOKEN_URL", "http://127.0.0.1:1/{account}")
    with pytest.raises(ExecLogError) as caught:
        connection_arguments({**GIVEN, **OAUTH})
    assert str(caught.value) == "cannot reach 127.0.0.1:1 for an OAuth access token. Check `account` and the network."


def test_the_connector_takes_these_arguments(standin: StandIn) -> None:
    """All but the token of an identity provider, which the stand-in does not check."""
    credentials = {**standin.profile(), "private_key": pem(NoEncryption()), "password": None}
    with snowflake.connector.connect(**connection_arguments(credentials)) as connection:
        assert connection.cursor().execute("select 1").fetchone() == (1,)
