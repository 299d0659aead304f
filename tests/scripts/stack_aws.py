"""AWS for stack.bats: moto, and a Lambda that writes rows as PostConfirmation would.

Usage: stack_aws.py FOLDER DATABASE_URL. Writes the addresses into FOLDER/moto and FOLDER/lambda, and the events into FOLDER/events.jsonl.
FOLDER/quota has the account's unreserved executions. These are emulated here, because moto lacks them:
a change set fails if its parameter Stage is one of FAILURES; a user whose address has one of STATES before its @ is in that state; the list of a pool's users ends after the number in FOLDER/cut; the SQL in FOLDER/meanwhile runs once during that list.
"""

import http.server
import json
import subprocess
import sys
import urllib.parse

from moto.cloudformation.models import CloudFormationBackend, Event
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser

from moto_fixture import folder, start_moto

database = sys.argv[2]
execute_in_moto = CloudFormationBackend.execute_change_set
list_in_moto = CognitoIdpBackend.list_users
user_in_moto = CognitoIdpUser._base_json

# The states that moto does not make.
STATES = ("EXTERNAL_PROVIDER", "ARCHIVED", "COMPROMISED", "UNKNOWN")

# The status in which the stack ends. All but the canceled one have a resource that failed.
FAILURES = {
    "broken": "ROLLBACK_COMPLETE", "canceled": "ROLLBACK_COMPLETE",
    "protected": "ROLLBACK_FAILED", "stuck": "UPDATE_ROLLBACK_FAILED",
}


def execute(self, change_set_name, stack_name=None):
    change_set = self.describe_change_set(change_set_name)
    stack = change_set.stack
    stage = change_set.parameters.get("Stage")
    if stage in FAILURES:
        stack._add_stack_event("CREATE_IN_PROGRESS", "User Initiated")
        if stage != "canceled":
            failure = ("Topic", "", "AWS::SNS::Topic", "CREATE_FAILED", "There are\n\ntoo many topics", None)
            stack.events.append(Event(stack.stack_id, stack.name, *failure))
        stack.resource_map.resolved_parameters = dict(change_set.parameters)
        stack._add_stack_event(FAILURES[stage])
        stack.status, change_set.execution_status = FAILURES[stage], "EXECUTE_FAILED"
        return
    execute_in_moto(self, change_set_name, stack_name)
    stack.parameters = change_set.parameters
    stack._parse_template()
    stack.output_map = stack._create_output_map()


def list_users(self, user_pool_id, filt, **page):
    users, token = list_in_moto(self, user_pool_id, filt, **page)
    cut, meanwhile = folder / "cut", folder / "meanwhile"
    if not filt and meanwhile.exists():
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", meanwhile, "-d", database], check=True)
        meanwhile.unlink()
    if not filt and cut.exists():
        return users[: int(cut.read_text())], None
    return users, token


def user(self):
    response = user_in_moto(self)
    name = self.attribute_lookup.get("email", "").partition("@")[0].upper()
    return {**response, "UserStatus": name} if name in STATES else response


CloudFormationBackend.execute_change_set = execute
CognitoIdpBackend.list_users = list_users
CognitoIdpUser._base_json = user


class Lambda(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.respond({"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": int((folder / "quota").read_text())}})

    def do_POST(self):
        event = self.rfile.read(int(self.headers["Content-Length"]))
        with (folder / "events.jsonl").open("ab") as log:
            log.write(urllib.parse.unquote(self.path).encode() + b"\t" + event + b"\n")
        attributes = json.loads(event)["request"]["userAttributes"]
        if attributes["email"].startswith("unlucky"):
            self.respond({"errorMessage": "It will be saved when you sign in."}, {"X-Amz-Function-Error": "Unhandled"})
            return
        insert = "insert into users (display_name, handle, email, cognito_user_id) values (:'h', :'h', :'e', :'s')"
        names = [f"-v{name}={attributes[key]}" for name, key in (("h", "email"), ("e", "email"), ("s", "sub"))]
        subprocess.run(["psql", "-Xq", *names, "-d", database], input=insert, text=True, check=True)
        self.respond(json.loads(event))

    def respond(self, body, headers=None):
        payload = json.dumps(body).encode()
        self.send_response(200)
        for name, value in {"Content-Length": str(len(payload)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass


functions = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lambda)
(folder / "lambda").write_text(f"http://127.0.0.1:{functions.server_port}")
(folder / "moto").write_text(start_moto())
functions.serve_forever()
