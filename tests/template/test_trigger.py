"""The trigger of the migration, with AWS's own client, against servers on loopback that stand for Lambda and S3."""

import contextlib
import http.server
import importlib.util
import io
import json
import os
import threading
import unittest
import urllib.error
from unittest import mock

from stack import ROOT

CODE = ROOT / "functions/migrations/trigger/index.py"
DONE = (200, {}, b'{"version": "2", "database": "cruddur", "applied": [], "pending": []}')
ROLES = (200, {}, b'{"version": "2", "database": "cruddur", "applied": [{"file": "R__roles.sql", "version": null}]}')
# What the migrator responds for a database that was empty.
ALL = (200, {}, b'{"version": "2", "database": "cruddur", "applied": [{"file": "V1__tables.sql", "version": "1"}]}')


class Recorder(http.server.BaseHTTPRequestHandler):
    """Keeps the requests, and gives the server's responses in turn, the last one again and again."""

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append((self.path, self.headers, body))
        responses = self.server.responses
        status, headers, payload = responses.pop(0) if len(responses) > 1 else responses[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_POST = do_PUT

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def server(*responses):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as running:
        running.responses, running.requests = list(responses), []
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


class Trigger(unittest.TestCase):
    def setUp(self):
        specification = importlib.util.spec_from_file_location("trigger", CODE)
        self.trigger = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(self.trigger)

    def run_trigger(self, request_type, *responses, bucket_responses=((200, {}, b""),), before="db-1"):
        """The response to CloudFormation, and the calls of the migrator."""
        with server(*responses or [DONE]) as aws, server(*bucket_responses) as bucket:
            environment = {
                "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{aws.server_address[1]}",
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_DEFAULT_REGION": "us-east-1",
                "MIGRATE_LOG": "/aws/lambda/cruddur-Migrate",
            }
            event = {
                "RequestType": request_type,
                "ResponseURL": f"http://127.0.0.1:{bucket.server_address[1]}/answer?signature=secret",
                "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/cruddur/1",
                "RequestId": "request-1",
                "LogicalResourceId": "Migration",
                "ResourceProperties": {"Migrator": "arn:aws:lambda:us-east-1:123456789012:function:m:7", "Database": "db-1"},
            }
            if request_type == "Update":
                event["OldResourceProperties"] = {"Migrator": "arn:aws:lambda:us-east-1:123456789012:function:m:6", "Database": before}
            output = io.StringIO()
            with mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                self.trigger.handler(event, None)
            self.assertNotIn("secret", output.getvalue())
            self.assertEqual(len(bucket.requests), len(bucket_responses))
            path, headers, body = bucket.requests[-1]
            self.assertEqual(path, "/answer?signature=secret")
            self.assertEqual(headers["content-type"], "")
            self.assertLessEqual(len(body), 4096)
            response = json.loads(body)
            for name in ("StackId", "RequestId", "LogicalResourceId"):
                self.assertEqual(response[name], event[name])
            self.assertEqual(response["PhysicalResourceId"], "migration")
            return response, aws.requests

    def test_migrates_and_says_which_schema_there_is(self):
        for request_type in ("Create", "Update"):
            with self.subTest(request_type):
                response, calls = self.run_trigger(request_type)
                self.assertEqual(response["Status"], "SUCCESS")
                self.assertEqual(response["Data"], {"Schema": "2 of db-1"})
                ((path, _, body),) = calls
                self.assertTrue(path.endswith("function%3Am%3A7/invocations"), path)
                self.assertEqual(body, b"{}")

    def test_an_update_never_replaces_the_database_by_an_empty_one(self):
        response, calls = self.run_trigger("Update", ALL, before="db-0")
        self.assertEqual((response["Status"], len(calls)), ("FAILED", 1))
        self.assertIn("replace the stack's database by an empty one and leave the data behind", response["Reason"])
        self.assertIn("docs/operations.md", response["Reason"])

    def test_a_rollback_and_a_snapshot_bring_another_database_with_data(self):
        for migrated in (DONE, ROLES):
            response, _ = self.run_trigger("Update", migrated, before="db-0")
            self.assertEqual((response["Status"], response["Data"]), ("SUCCESS", {"Schema": "2 of db-1"}))

    def test_a_new_database_is_empty(self):
        response, _ = self.run_trigger("Create", ALL)
        self.assertEqual(response["Status"], "SUCCESS")

    def test_a_delete_leaves_the_database_as_it_is(self):
        response, calls = self.run_trigger("Delete")
        self.assertEqual((response["Status"], calls), ("SUCCESS", []))

    def test_a_failed_migration_fails_with_its_message(self):
        failed = {"errorMessage": "V3__x.sql failed with SQLSTATE 42601", "errorType": "MigrationFailedException"}
        response, calls = self.run_trigger("Update", (200, {"X-Amz-Function-Error": "Unhandled"}, json.dumps(failed).encode()))
        self.assertEqual(response["Status"], "FAILED")
        self.assertEqual(response["Reason"], "/aws/lambda/cruddur-Migrate: V3__x.sql failed with SQLSTATE 42601")
        self.assertEqual(len(calls), 1)

    def test_a_crashed_migrator_is_answered_too(self):
        timeout = b'{"errorMessage": "2026-11-25T00:00:00Z Task timed out after 600.00 seconds"}'
        for crash in ((200, {"X-Amz-Function-Error": "Unhandled"}, timeout), (500, {}, b"{}"), (200, {}, b"no JSON")):
            with self.subTest(crash):
                response, calls = self.run_trigger("Create", crash)
                self.assertEqual(response["Status"], "FAILED")
                self.assertTrue(response["Reason"])
                self.assertEqual(len(calls), 1, "never repeated: the first one may still run")

    def test_a_long_message_is_cut_between_characters(self):
        for text in ("é💚", '"\n', "\x01"):
            with self.subTest(text):
                failed = json.dumps({"errorMessage": text * 3000}).encode()
                response, _ = self.run_trigger("Create", (200, {"X-Amz-Function-Error": "Unhandled"}, failed))
                self.assertTrue(response["Reason"].startswith("/aws/lambda/cruddur-Migrate: " + text * 100))

    def test_an_answer_that_did_not_arrive_is_sent_again(self):
        failed = (503, {}, b"slow down")
        with mock.patch("time.sleep"):
            response, calls = self.run_trigger("Create", bucket_responses=(failed, failed, (200, {}, b"")))
            self.assertEqual((response["Status"], len(calls)), ("SUCCESS", 1))
            with self.assertRaises(urllib.error.HTTPError) as raised:
                self.run_trigger("Create", bucket_responses=(failed, failed, failed))
        self.assertNotIn("secret", str(raised.exception))

    def test_a_call_that_was_refused_before_it_ran_is_repeated(self):
        refusals = {
            "AccessDeniedException": 403,
            "EC2ThrottledException": 502,
            "ENINotReadyException": 502,
            "ResourceConflictException": 409,
            "ResourceNotReadyException": 502,
            "TooManyRequestsException": 429,
        }
        for code, status in refusals.items():
            with self.subTest(code):
                refused = (status, {"x-amzn-ErrorType": code}, b'{"Message": "not now"}')
                with mock.patch("time.sleep"):
                    response, calls = self.run_trigger("Create", refused, refused, DONE)
                self.assertEqual((response["Status"], len(calls)), ("SUCCESS", 3))
        self.trigger.REFUSAL_DELAY = 0
        response, calls = self.run_trigger("Create", refused)
        self.assertEqual((response["Status"], len(calls)), ("FAILED", 1))


if __name__ == "__main__":
    unittest.main()
