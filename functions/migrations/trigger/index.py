"""Answers CloudFormation for the custom resource Custom::Migration: invokes the migrator and reports how it ended.

It runs outside the VPC, since the answer goes to an S3 host that has IPv4 addresses only, and the VPC's way out is IPv6.
Request and answer: AWS CloudFormation User Guide, "Custom resource request objects" and "response objects".
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
# Lambda refuses with these before anything runs: a new role's rights are not known everywhere yet, a version that was idle
# for weeks gets its network back, or the account has no capacity left. (AWS Lambda API Reference, "Invoke", errors; AWS
# Lambda Developer Guide, "Lambda function states".)
REFUSALS = {
    "AccessDeniedException",
    "EC2ThrottledException",
    "ENINotReadyException",
    "ResourceConflictException",
    "ResourceNotReadyException",
    "TooManyRequestsException",
}
# Seconds for which that may last.
REFUSAL_DELAY = 150
# Attempts to send the answer, and seconds for each. Lambda itself repeats nothing here (EventInvokeConfig).
SEND_ATTEMPTS = 3
SEND_TIMEOUT = 10
# Bytes. CloudFormation takes an answer of 4096; the reason is its only long part.
REASON_LIMIT = 3000
# The version of the first migration. A database to which it was applied just now was empty before.
FIRST = "1"
# The resource stays the same one for ever: another id would make CloudFormation delete the old one.
RESOURCE_ID = "migration"


def handler(event, _):
    """Handles Create and Update by a migration, and Delete by nothing: the database stays as it is."""
    answer = {"Status": "SUCCESS"}
    if event["RequestType"] != "Delete":
        try:
            answer["Data"] = migrate(event)
        except Exception as failure:  # CloudFormation needs an answer in every case, or it waits until its timeout.
            answer = {"Status": "FAILED", "Reason": f"{os.environ['MIGRATE_LOG']}: {failure}"}
    send(event, answer)


def migrate(event):
    """Invokes the migrator. The returned Schema changes with the schema's version and with the database."""
    properties = event["ResourceProperties"]
    before = event.get("OldResourceProperties", properties)
    result = invoke(properties["Migrator"])
    payload = json.loads(result["Payload"].read())
    if "FunctionError" in result:
        raise RuntimeError(payload.get("errorMessage", "the migrator failed; see its log"))
    # CloudFormation deletes the database before only after an update that succeeds. A rollback brings that one back, and
    # a snapshot one with data: neither is empty.
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


def send(event, answer):
    """Sends the answer to the address in the event, which nobody else may read: it is never logged."""
    answer["Reason"] = answer.get("Reason", "")
    while len(json.dumps(answer["Reason"], ensure_ascii=False).encode()) > REASON_LIMIT:
        answer["Reason"] = answer["Reason"][: len(answer["Reason"]) * 3 // 4]
    body = json.dumps(
        {
            "PhysicalResourceId": RESOURCE_ID,
            **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
            **answer,
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
