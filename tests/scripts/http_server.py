"""A server on a free port of 127.0.0.1, and ::1 where it is, whose responses are FOLDER/body with the status in FOLDER/status.

Usage: http_server.py FOLDER. Writes FOLDER/port, and each request, a line of JSON, into FOLDER/requests.
"""

import http.server
import json
import pathlib
import socket
import sys
import threading

folder = pathlib.Path(sys.argv[1])


class Responses(http.server.BaseHTTPRequestHandler):
    def respond(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        with (folder / "requests").open("a") as requests:
            print(json.dumps([self.command, self.path, body], separators=(",", ":")), file=requests)
        self.send_response(int((folder / "status").read_text()))
        self.end_headers()
        self.wfile.write((folder / "body").read_bytes())

    do_GET = do_POST = do_PUT = do_DELETE = respond

    def log_message(self, *_):
        pass


class Ipv6(http.server.HTTPServer):
    address_family = socket.AF_INET6


server = http.server.HTTPServer(("127.0.0.1", 0), Responses)
try:
    by_ipv6 = Ipv6(("::1", server.server_port), Responses)
    threading.Thread(target=by_ipv6.serve_forever, daemon=True).start()
except OSError:
    # This machine has no IPv6.
    pass
(folder / "port").write_text(str(server.server_port))
server.serve_forever()
