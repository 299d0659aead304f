"""Plays AWS for stack.bats: moto for all but Lambda, which is a stand-in that writes rows as PostConfirmation would.

Usage: aws.py FOLDER DATABASE_URL QUOTA. Writes FOLDER/moto and FOLDER/lambda, the addresses, and FOLDER/events.jsonl.
"""

import http.server
import json
import pathlib
import subprocess
import sys
import threading
import urllib.parse

from moto.server import ThreadedMotoServer

folder, database, quota = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])


class Lambda(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer({"AccountLimit": {"ConcurrentExecutions": quota}})

    def do_POST(self):
        event = self.rfile.read(int(self.headers["Content-Length"]))
        with (folder / "events.jsonl").open("ab") as log:
            log.write(urllib.parse.unquote(self.path).encode() + b"\t" + event + b"\n")
        attributes = json.loads(event)["request"]["userAttributes"]
        if attributes["email"].startswith("unlucky"):
            self.answer({"errorMessage": "Please try again in a minute."}, {"X-Amz-Function-Error": "Unhandled"})
            return
        insert = "insert into users (display_name, handle, email, cognito_user_id) values (:'h', :'h', :'e', :'s')"
        names = [f"-v{name}={attributes[key]}" for name, key in (("h", "email"), ("e", "email"), ("s", "sub"))]
        subprocess.run(["psql", "-Xq", *names, "-d", database], input=insert, text=True, check=True)
        self.answer(json.loads(event))

    def answer(self, body, headers=None):
        payload = json.dumps(body).encode()
        self.send_response(200)
        for name, value in {"Content-Length": str(len(payload)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass


moto = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
moto.start()
functions = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lambda)
(folder / "lambda").write_text(f"http://127.0.0.1:{functions.server_port}")
(folder / "moto").write_text("http://%s:%s" % moto.get_host_and_port())
functions.serve_forever()
