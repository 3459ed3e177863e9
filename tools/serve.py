"""Serve the built book as its host does: compressed, below the repository's name, with its 404."""

import gzip
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import yaml

CONFIG = yaml.safe_load(Path(__file__).parents[1].joinpath("_config.yml").read_text("utf-8"))
BELOW = "/" + CONFIG["repository"]["url"].rsplit("/", 1)[1]
COMPRESSED = ("image/png", "image/jpeg", "image/webp", "font/")


class Host(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(BELOW))

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.is_file():
            self.answer(HTTPStatus.OK, path)
        else:
            self.answer(HTTPStatus.NOT_FOUND, Path(self.directory, "404.html"))

    def answer(self, status, path):
        kind = self.guess_type(path)
        body = path.read_bytes() if path.exists() else b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if not kind.startswith(COMPRESSED):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(folder):
    """The address under which the folder is served on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=folder)) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
