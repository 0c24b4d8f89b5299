"""Django's signing key, derived from the master key: one secret to keep, none in the code."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shiming.core.environment import environment
from shiming.core.keys import master_key
from shiming.runtime.master_key import create_master_key


def secret_key() -> str:
    """Only tests create the key here: elsewhere the start does so, once it has seen that the database is empty."""
    if environment().mode == "test":
        create_master_key(environment().key_file)
    return HKDF(SHA256(), 48, None, b"django sessions and csrf").derive(master_key()).hex()
