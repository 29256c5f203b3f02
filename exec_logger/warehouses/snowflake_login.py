"""A profile's credentials → what snowflake.connector.connect gets (dbt.adapters.snowflake.connections)."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from typing import Any

from exec_logger.errors import ExecLogError
from exec_logger.redact import one_line
from exec_logger.warehouses.drivers import driver
from exec_logger.warehouses.snowflake_oauth import access_token, host_name
from exec_logger.warehouses.snowflake_private_key import private_key

Credentials = Mapping[str, Any]

LOGIN_SECONDS = 30
PERSON_SECONDS = 120
"""Where a person has to do something, in a browser or on a phone."""
NETWORK_SECONDS = 120
AS_GIVEN = ("user", "password", "host", "port", "proxy_host", "proxy_port", "protocol", "warehouse", "role")


def connector() -> Any:
    # what it has to say comes as an exception too
    logging.getLogger("snowflake.connector").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return driver("snowflake.connector", "snowflake")


def read_connection(name: str) -> dict[str, Any]:
    """A connection of connections.toml (or config.toml), where the connector itself looks for them."""
    connector()
    manager = driver("snowflake.connector.config_manager", "snowflake")
    try:
        connections = manager.CONFIG_MANAGER["connections"]
    except Exception as error:
        raise ExecLogError(f"cannot read connections.toml: {one_line(error, {})}.") from error
    if name not in connections:
        known = ", ".join(connections) or "none"
        raise ExecLogError(f"connections.toml has no connection {name}. Its connections: {known}.")
    return {key: getattr(value, "unwrap", lambda value=value: value)() for key, value in connections[name].items()}


def connection_arguments(credentials: Credentials) -> dict[str, Any]:
    """Reads the private key, and fetches an OAuth access token for a refresh token."""
    ours = {
        "application": "execlog",
        "autocommit": True,
        "login_timeout": _login_seconds(credentials),
        "network_timeout": NETWORK_SECONDS,
        "session_parameters": {**(credentials.get("session_parameters") or {}), "QUERY_TAG": "execlog"},
    }
    if "connection_name" in credentials:
        return {"connection_name": credentials["connection_name"], **ours}
    return {
        "account": host_name(credentials["account"]),
        "database": credentials["database"],
        "schema": credentials["schema"],
        **{name: credentials[name] for name in AS_GIVEN if credentials.get(name)},
        # as dbt: finding out on which cloud it runs costs a new connection up to 5 seconds
        "platform_detection_timeout_seconds": credentials.get("platform_detection_timeout_seconds", 0.0),
        "ocsp_root_certs_dict_lock_timeout": 10,
        **({"insecure_mode": True} if credentials.get("insecure_mode") else {}),
        **_authenticator(credentials),
        **private_key(credentials),
        **ours,
    }


def _authenticator(credentials: Credentials) -> dict[str, Any]:
    name = credentials.get("authenticator")
    if not name:
        return {}
    token = {"token": credentials.get("token")}
    cached = {"client_store_temporary_credential": True, "client_request_mfa_token": True}
    if name == "oauth":
        refresh = credentials.get("oauth_client_id") and credentials.get("oauth_client_secret")
        return {"authenticator": "oauth", **({"token": access_token(credentials)} if refresh else token), **cached}
    if name == "jwt":
        return {"authenticator": "oauth", **token, **cached}
    if name == "programmatic_access_token":
        return {"authenticator": name, **token, **cached}
    if name.lower() == "workload_identity":
        keys = ("workload_identity_provider", "workload_identity_entra_resource", "token")
        return {"authenticator": "WORKLOAD_IDENTITY", **{k: credentials[k] for k in keys if credentials.get(k)}, **cached}
    return {"authenticator": name, **cached}


def _login_seconds(credentials: Credentials) -> int:
    authenticator = str(credentials.get("authenticator") or "").lower()
    return PERSON_SECONDS if authenticator in ("externalbrowser", "username_password_mfa") else LOGIN_SECONDS
