"""Serves the custom resource Custom::Migration: invokes the migrator, and sends the result to CloudFormation.

It runs outside the VPC, since the response goes to an S3 host that has only IPv4 addresses, and the VPC's way out is IPv6.
Request and response: AWS CloudFormation User Guide, "Custom resource request objects" and "response objects".
"""

import json
import os
import random
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# Seconds. Longer than the migrator's timeout; boto3 would give up after 60 and repeat the call.
READ_TIMEOUT = 630
# Lambda's errors before the function runs: a new role's rights are not everywhere yet, a version that was idle for weeks
# gets its network back, or the account has no capacity left. (AWS Lambda API Reference, "Invoke", errors; AWS
# Lambda Developer Guide, "Lambda function states".)
REFUSALS = {
    "AccessDeniedException",
    "EC2ThrottledException",
    "ENINotReadyException",
    "ResourceConflictException",
    "ResourceNotReadyException",
    "TooManyRequestsException",
}
# The longest time for these errors, in seconds.
REFUSAL_DELAY = 150
# Attempts to send the response, and seconds for each. Lambda does not repeat the call (EventInvokeConfig).
SEND_ATTEMPTS = 3
SEND_TIMEOUT = 10
# Bytes. CloudFormation accepts a response of 4,096; the reason is its only long part.
REASON_LIMIT = 3000
# The version of the first migration. If a run applied it, the database was empty.
FIRST = "1"
# The id never changes: with another one, CloudFormation would delete the old resource.
RESOURCE_ID = "migration"


def handler(event, _):
    """Migrates at Create and Update. Delete does nothing: the database stays unchanged."""
    response = {"Status": "SUCCESS"}
    if event["RequestType"] != "Delete":
        try:
            response["Data"] = migrate(event)
        except Exception as failure:  # Without a response, CloudFormation waits until its timeout.
            response = {"Status": "FAILED", "Reason": f"{os.environ['MIGRATE_LOG']}: {failure}"}
    send(event, response)


def migrate(event):
    """Invokes the migrator. The returned Schema changes with the schema's version and with the database."""
    properties = event["ResourceProperties"]
    before = event.get("OldResourceProperties", properties)
    result = invoke(properties["Migrator"])
    payload = json.loads(result["Payload"].read())
    if "FunctionError" in result:
        raise RuntimeError(payload.get("errorMessage", "the migrator failed; see its log"))
    # CloudFormation deletes the former database only after an update that succeeds. The database of a rollback or of a
    # snapshot is not empty.
    if before["Database"] != properties["Database"] and any(each.get("version") == FIRST for each in payload["applied"]):
        raise RuntimeError(
            "this update would replace the stack's database by an empty one and leave the data behind; "
            "docs/operations.md has the way with a snapshot. The database stays as it was"
        )
    return {"Schema": f"{payload['version']} of {properties['Database']}"}


def invoke(migrator):
    client = boto3.client("lambda", config=Config(read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1}))
    end = time.monotonic() + REFUSAL_DELAY
    while True:
        try:
            return client.invoke(FunctionName=migrator, Payload=b"{}")
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] not in REFUSALS or time.monotonic() > end:
                raise
            time.sleep(random.uniform(2, 6))


def send(event, response):
    """Sends the response to the address in the event. That address is a secret, so it is never logged."""
    response["Reason"] = response.get("Reason", "")
    while len(json.dumps(response["Reason"], ensure_ascii=False).encode()) > REASON_LIMIT:
        response["Reason"] = response["Reason"][: len(response["Reason"]) * 3 // 4]
    body = json.dumps(
        {
            "PhysicalResourceId": RESOURCE_ID,
            **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
            **response,
        },
        ensure_ascii=False,
    ).encode()
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"content-type": ""})
    for left in reversed(range(SEND_ATTEMPTS)):
        try:
            urllib.request.urlopen(request, timeout=SEND_TIMEOUT).close()
            return
        except Exception:
            if not left:
                raise
            time.sleep(random.uniform(1, 3))
