"""One page for this machine's browsers: real HTTP on loopback, and nothing for anybody else."""

import http.client
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from controller.cli.page_server import PageServer
from controller.errors import UsageError


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer.started(0, policy="default-src 'none'", seconds=7) as found:
        found.show("<!doctype html><p>é")
        yield found


def ask(server, method="GET", path="/", host=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    for name in [f"127.0.0.1:{server.server_port}"] if host is None else host:
        connection.putheader("Host", name)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    reply = connection.getresponse()
    body = reply.read().decode()
    connection.close()
    return reply, body


def test_the_page_comes_with_strict_headers(server):
    reply, body = ask(server)
    assert (reply.status, body) == (200, "<!doctype html><p>é")
    expected = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Refresh": "7",
        "Server": "rolloutctl",
    }
    assert {name: reply.getheader(name) for name in expected} == expected


def test_another_page_replaces_it(server):
    server.show("next")
    assert ask(server)[1] == "next"
    assert ask(server, path="/index.html")[1] == "next"


def test_head_says_the_same_without_the_page(server):
    reply, body = ask(server, "HEAD")
    assert (reply.status, body) == (200, "")
    assert reply.getheader("Content-Length") == "20"


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"]
)
def test_every_other_method_is_refused(server, method):
    reply, body = ask(server, method)
    assert reply.status == 405
    assert reply.getheader("Allow") == "GET, HEAD"
    assert "only GET and HEAD" in body


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.example"],
        ["evil.example:{port}"],
        ["127.0.0.1"],
        ["127.0.0.1:1"],
        [],
        ["127.0.0.1:{port}", "evil.example"],
        ["localhost:{port}.evil.example"],
    ],
    ids=str,
)
def test_who_asks_for_another_name_gets_nothing(server, hosts):
    """A name of an attacker that leads here: the browser would let its page read ours."""
    reply, body = ask(server, host=[host.format(port=server.server_port) for host in hosts])
    assert reply.status == 421
    assert "é" not in body


def test_localhost_is_this_machine_too(server):
    assert ask(server, host=[f"localhost:{server.server_port}"])[0].status == 200


@pytest.mark.parametrize("path", ["/x", "//x", "/../etc/passwd", "/?a", "/%2e%2e/", "*"])
def test_there_is_one_page(server, path):
    reply, body = ask(server, path=path)
    assert reply.status == 404
    assert body == "404 Not Found: there is one page here: /\n"
    assert reply.getheader("Content-Type") == "text/plain; charset=utf-8"
    assert reply.getheader("X-Content-Type-Options") == "nosniff"


def test_what_is_no_http_does_not_end_it(server):
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        connection.sendall(b"\x00\xff\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        connection.recv(65_536)
    assert ask(server)[0].status == 200


@pytest.mark.parametrize("begun", [b"GET", b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"])
def test_a_browser_that_breaks_off_is_no_news(server, capfd, begun):
    server.show("x" * 8_000_000)
    asked = begun.replace(b"%d", str(server.server_port).encode())
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        reset_on_close = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_on_close)
        connection.sendall(asked)
        if asked != begun:
            connection.recv(1)
    assert ask(server)[0].status == 200
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(10)
    assert capfd.readouterr() == ("", "")


def test_it_listens_on_loopback_only_and_gives_the_port_back():
    with PageServer.started(0, policy="", seconds=1) as server:
        port = server.server_port
        assert server.server_address[0] == "127.0.0.1"
        with pytest.raises(UsageError, match=f"port {port} of 127.0.0.1 cannot be had"):
            PageServer(port, policy="", seconds=1)
    with PageServer.started(port, policy="", seconds=1):
        pass
