"""Real servers on loopback, each in a process of its own, and a line that can break."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

HERE = Path(__file__).parent
_LACKING = 75


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(command, ready, env=None):
    """Run a server until the block ends; the block begins when it says it is ready."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if ready in line:
                break
        else:
            status = process.wait()
            message = "".join(said).strip()
            if status == _LACKING:
                pytest.skip(message)
            pytest.fail(f"{command[0]} ended with {status}: {message}")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield process
    finally:
        process.terminate()
        process.wait()


@dataclass
class Bucket:
    """An S3 server with one bucket, and a key that may list and read it, no more."""

    endpoint: str
    client: object
    name: str
    key_id: str = ""
    secret: str = ""

    def connection(self, *, endpoint="", secret=""):
        """Return the Airflow connection of the key, as its variable holds it."""
        extra = {
            "region_name": "us-east-1",
            "endpoint_url": endpoint or self.endpoint,
        }
        return json.dumps(
            {
                "conn_type": "aws",
                "login": self.key_id,
                "password": secret or self.secret,
                "extra": extra,
            }
        )

    def put(self, key, content):
        self.client.put_object(Bucket=self.name, Key=key, Body=content)


@contextmanager
def s3_server():
    """Start the S3 API and lock it: from then on keys and signatures are checked."""
    import boto3

    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    env = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "1000000"}
    with started(command, "Running on http", env):
        keys = {"aws_access_key_id": "first", "aws_secret_access_key": "first"}
        place = {"endpoint_url": endpoint, "region_name": "us-east-1"}
        iam = boto3.client("iam", **keys, **place)
        reader = _user(iam, "reader", ["s3:ListBucket", "s3:GetObject"])
        owner = _user(iam, "owner", ["s3:*"])
        client = boto3.client(
            "s3",
            aws_access_key_id=owner["AccessKeyId"],
            aws_secret_access_key=owner["SecretAccessKey"],
            **place,
        )
        client.create_bucket(Bucket="agency-exports")
        _ask(f"{endpoint}/moto-api/reset-auth", b"0")
        yield Bucket(
            endpoint,
            client,
            "agency-exports",
            reader["AccessKeyId"],
            reader["SecretAccessKey"],
        )


def _user(iam, name, actions):
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    iam.put_user_policy(
        UserName=name,
        PolicyName=name,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    return iam.create_access_key(UserName=name)["AccessKey"]


def _ask(url, body):
    headers = {"Content-Type": "text/plain"}
    with urlopen(Request(url, data=body, headers=headers)) as answer:
        assert answer.status == 200


@dataclass
class SftpServer:
    """OpenSSH with one key that is let in; ``files`` is what it serves."""

    port: int
    files: Path
    host_key: str
    user_key: str
    other_key: str = field(repr=False, default="")

    def connection(self, *, user_key=None, host_key=None):
        extra = {
            "private_key": user_key or self.user_key,
            "host_key": self.host_key if host_key is None else host_key,
            "look_for_keys": "false",
        }
        return json.dumps(
            {
                "conn_type": "sftp",
                "host": "127.0.0.1",
                "port": self.port,
                "login": "nobody" if os.getuid() == 0 else os.environ.get("USER", ""),
                "extra": {name: value for name, value in extra.items() if value},
            }
        )

    def put(self, name, content, moment=None):
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if moment is not None:
            os.utime(path, (moment, moment))
        return path


@contextmanager
def sftp_server():
    """Start OpenSSH's server on loopback with keys made for this one test run."""
    folder = Path(tempfile.mkdtemp(prefix="heartshare-sshd-"))
    folder.chmod(0o755)
    try:
        host_private, host_public = _key_pair()
        user_private, user_public = _key_pair()
        (folder / "host_key").write_text(host_private)
        (folder / "host_key").chmod(0o600)
        (folder / "authorized_keys").write_text(f"{user_public}\n")
        (folder / "files").mkdir()
        port = free_port()
        command = [str(HERE / "sshd.sh"), str(folder), str(port)]
        with started(command, f"port {port}."):
            yield SftpServer(
                port, folder / "files", host_public, user_private, _key_pair()[0]
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _key_pair():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return private.decode(), public.decode()


class BreakingLine:
    """A line to an HTTP server that cuts answers short or holds them back for good.

    ``cut`` and ``hold`` are endings of paths; a held path answers ``held_after``
    requests before it falls silent, and ``held`` is set when it does.
    """

    def __init__(self, upstream):
        self.cut, self.hold, self.held_after = (), (), 2
        self.held, self.released = threading.Event(), threading.Event()
        self.upstream = upstream.removeprefix("http://")
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                line.answer(self)

            do_HEAD = do_GET  # noqa: N815 the server's name for it

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._asked = 0

    def answer(self, request):
        path = request.path.split("?")[0]
        if request.command == "GET" and path.endswith(self.hold or ("\0",)):
            self._asked += 1
            if self._asked > self.held_after:
                self.held.set()
                self.released.wait()
                return
        there = http.client.HTTPConnection(self.upstream)
        there.request(request.command, request.path, headers=dict(request.headers))
        answer = there.getresponse()
        body = answer.read()
        request.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {
                "transfer-encoding",
                "connection",
                "server",
                "date",
            }:
                request.send_header(name, value)
        request.end_headers()
        if request.command == "GET" and path.endswith(self.cut or ("\0",)):
            body = body[: len(body) // 2]
            request.close_connection = True
        if request.command == "GET":
            request.wfile.write(body)


@contextmanager
def breaking_line(upstream):
    line = BreakingLine(upstream)
    thread = threading.Thread(target=line.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        line.released.set()
        line.server.shutdown()
        line.server.server_close()
