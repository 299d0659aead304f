"""CreateActivity in Python: the same statement, called over Lambda's Runtime API."""

import http.client
import json
import os
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import psycopg2

NAME = re.compile(r"--[^\n]*|(?<!:):([a-z_]+)")
with open(os.environ["SQL_FILE"]) as file:
    CREATE = NAME.sub(lambda found: found[1] and f"%({found[1]})s" or "", file.read())
SECONDS = {"30-days": 2592000, "7-days": 604800, "1-hour": 3600}

connection = None


def connect():
    address = urlsplit(os.environ["CONNECTION_URL"])
    settings = {name: values[0] for name, values in parse_qs(address.query).items()}
    opened = psycopg2.connect(
        host=address.hostname,
        port=address.port,
        user=address.username,
        password=address.password,
        dbname=address.path[1:],
        **settings,
    )
    opened.autocommit = True
    return opened


def handler(event):
    global connection
    connection = connection or connect()
    body = json.loads(event["body"])
    cursor = connection.cursor()
    cursor.execute(
        CREATE,
        {
            "uuid": str(uuid.uuid4()),
            "cognito_user_id": event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"],
            "message": body["message"],
            "time_to_live": SECONDS[body["ttl"]],
            "window": 300,
            "posts": int(os.environ["POSTS_LIMIT"]),
            "idempotency_key": event["headers"].get("idempotency-key"),
        },
    )
    activity, outcome, _ = cursor.fetchone()
    return {"statusCode": 200 if outcome == "created" else 404, "body": json.dumps(activity)}


api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    call = api.getresponse()
    response = json.dumps(handler(json.load(call)))
    api.request("POST", f"/2018-06-01/runtime/invocation/{call.headers['Lambda-Runtime-Aws-Request-Id']}/response", response)
    api.getresponse().read()
