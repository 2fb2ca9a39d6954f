"""Plain clients of the servers, apart from the product's own."""

import json
import socket
from urllib.parse import urlsplit


def nats_answers(url: str) -> bool:
    """Whether a login works. By hand: nats-py leaves a socket open when it is refused."""
    place = urlsplit(url)
    login = {"verbose": False, "pedantic": False, "user": place.username, "pass": place.password}
    try:
        with socket.create_connection((place.hostname, place.port), timeout=5) as connection:
            connection.sendall(f"CONNECT {json.dumps(login)}\r\nPING\r\n".encode())
            answer = b""
            while b"PONG" not in answer and b"-ERR" not in answer:
                received = connection.recv(4096)
                if not received:
                    return False
                answer += received
    except OSError:
        return False
    return b"-ERR" not in answer


def s3_client(settings, access=None, secret=None):
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        aws_access_key_id=access or settings.s3_access_key.get_secret_value(),
        aws_secret_access_key=secret or settings.s3_secret_key.get_secret_value(),
        region_name=settings.s3_region,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"total_max_attempts": 5}),
    )
