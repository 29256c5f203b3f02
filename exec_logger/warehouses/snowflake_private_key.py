"""Key pair authentication."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exec_logger.errors import ExecLogError


def private_key(credentials: Mapping[str, Any]) -> dict[str, bytes]:
    """The key as unencrypted DER, which is what the connector takes; given by path, or as PEM or Base64 DER."""
    text, path = credentials.get("private_key"), credentials.get("private_key_path")
    if not text and not path:
        return {}
    if text and path:
        raise ExecLogError("the target has both `private_key` and `private_key_path`. Leave one.")
    from cryptography.hazmat.primitives import serialization

    passphrase = credentials.get("private_key_passphrase")
    password = str(passphrase).encode() if passphrase else None
    try:
        if path or str(text).startswith("-"):
            pem = Path(str(path)).read_bytes() if path else str(text).encode()
            key = serialization.load_pem_private_key(pem, password)
        else:
            key = serialization.load_der_private_key(base64.b64decode(str(text)), password)
    except OSError as error:
        raise ExecLogError(f"cannot read the private key {path}: {error.strerror}.") from error
    except Exception as error:  # many kinds, and what they say may quote the key
        name = f"`private_key_path` {path}" if path else "`private_key`"
        raise ExecLogError(f"{name} holds no private key that opens with its passphrase. Check both.") from error
    der, pkcs8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    return {"private_key": key.private_bytes(der, pkcs8, serialization.NoEncryption())}
