"""A deployed stack for check.bats: AWS is moto, and the stack's page and sign-in are a server on 127.0.0.1.

Usage: check_aws.py FOLDER. Writes FOLDER/moto, the address of AWS, and each call of a function into FOLDER/calls: name, qualifier, event.
Each test writes:
FOLDER/functions, what Lambda says of a function in place of moto: {"NAME": {"State": ...}};
FOLDER/responses, those of the functions: {"NAME": {...}}; one with an errorMessage is a failure of the function, one with
refused is a refusal by Lambda;
FOLDER/web, the responses of the addresses: {"/path?query": [status, {"header": "value"}, "body"]};
FOLDER/unconfirmed, which makes the subscription of the alarms wait for its confirmation.
Emulated here by AWS's documentation, because moto lacks them: aliases and alarms in a template, the state of a snapshot, filters of JSON
logs, calls without Docker, and subscriptions that are not confirmed.
"""

import copy
import http.server
import json
import re

import boto3
import flask
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.core.common_models import CloudFormationModel
from moto.logs.utils import UnsupportedFilterPattern
from moto.sns.models import SNSBackend

from moto_fixture import folder, start_moto

configuration_in_moto = LambdaFunction.get_configuration
subscriptions_in_moto = SNSBackend.list_subscriptions_by_topic


class Alias(CloudFormationModel):
    # moto takes the service from it.
    __module__ = "moto.awslambda.models"
    physical_resource_id = "alias"

    @staticmethod
    def cloudformation_type():
        return "AWS::Lambda::Alias"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        properties = cloudformation_json["Properties"]
        lambda_backends[account_id][region_name].create_alias(
            properties["Name"], properties["FunctionName"], properties["FunctionVersion"], "", {}
        )
        return cls()


class Alarm(CloudFormationModel):
    __module__ = "moto.cloudwatch.models"

    @staticmethod
    def cloudformation_type():
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        alarm = cls()
        alarm.physical_resource_id = cloudformation_json["Properties"]["AlarmName"]
        return alarm


def configuration(self, on_create=False):
    log = {"LogFormat": "JSON", "LogGroup": f"/aws/lambda/{self.function_name}"}
    found = {**configuration_in_moto(self, on_create), "LoggingConfig": log}
    if self.version != "$LATEST" and self.function_name != "migrate":
        found["SnapStart"] = {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"}
    found.update(json.loads((folder / "functions").read_text()).get(self.function_name, {}))
    return found


def invoke(self, body, request_headers, response_headers):
    response = json.loads((folder / "responses").read_text()).get(self.function_name, {})
    with (folder / "calls").open("a") as calls:
        print(self.function_name, flask.request.args.get("Qualifier"), json.dumps(json.loads(body), separators=(",", ":")), file=calls)
    if "refused" in response:
        raise LambdaClientError(response["refused"], "The function is not ready.")
    if "errorMessage" in response:
        response_headers["x-amz-function-error"] = "Unhandled"
    return json.dumps(response, separators=(",", ":")).encode()


def subscriptions(self, *arguments, **options):
    found, token = subscriptions_in_moto(self, *arguments, **options)
    found = list(map(copy.copy, found))
    for each in found if (folder / "unconfirmed").exists() else []:
        each.arn = "PendingConfirmation"
    return found, token


def matches(self, message):
    """{ $.a.b = "value" || ... }"""
    try:
        line = json.loads(message)
    except json.JSONDecodeError:
        return False
    for path, value in re.findall(r'\$\.([\w.]+) = "(\w+)"', self.term):
        member = line
        for name in path.split("."):
            member = member.get(name) if isinstance(member, dict) else None
        if member == value:
            return True
    return False


LambdaFunction.get_configuration = configuration
LambdaFunction.invoke = invoke
SNSBackend.list_subscriptions_by_topic = subscriptions
UnsupportedFilterPattern.matches = matches


class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        responses = json.loads((folder / "web").read_text())
        status, headers, body = responses.get(self.path, [404, {}, ""])
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def template(web):
    function = {"Code": {"ZipFile": "x"}, "Handler": "x.x", "Runtime": "python3.12", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
        "MigrationTrigger": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "trigger", **function}},
        "AlarmTopic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"Subscription": [{"Protocol": "email", "Endpoint": "you@example.com"}]},
        },
    }
    # As many as a cluster with a reader has.
    for name in ("cruddur-database", "cruddur-reader"):
        resources[name.replace("-", "")] = {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {
                "DBInstanceIdentifier": name, "Engine": "postgres", "DBInstanceClass": "db.t4g.micro",
                "AllocatedStorage": "20", "MasterUsername": "a", "MasterUserPassword": "secret-123",
            },
        }
    for name, short in (("HomeActivitiesFunction", "feed"), ("SweepActivitiesFunction", "sweep"), ("MigrateFunction", "migrate")):
        ref = {"Ref": name}
        resources[name] = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": short, **function}}
        resources[name + "Version"] = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": ref}}
        resources[name + "Aliaslive"] = {
            "Type": "AWS::Lambda::Alias",
            "DependsOn": name + "Version",
            "Properties": {"Name": "live", "FunctionName": ref, "FunctionVersion": "1"},
        }
    for name in ("late", "full"):
        resources[name] = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": name}}
    outputs = {"WebUrl": web, "ApiUrl": "http://127.0.0.1:1", "LoginUrl": web, "UserPoolClientId": "c1"}
    return json.dumps({
        # A domain of one's own.
        "Parameters": {"PageOrigin": {"Type": "String", "Default": "https://cruddur.example"}},
        "Resources": resources,
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    })


address = start_moto()
web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
for name in ("functions", "responses"):
    (folder / name).write_text("{}")
boto3.client("cloudformation", endpoint_url=address).create_stack(
    StackName="cruddur", TemplateBody=template(f"http://127.0.0.1:{web.server_port}")
)
for name in ("late", "full"):
    boto3.client("cloudwatch", endpoint_url=address).put_metric_alarm(
        AlarmName=name, Namespace="n", MetricName="m", ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1, Threshold=1, Period=60, Statistic="Sum",
    )
(folder / "moto").write_text(address)
web.serve_forever()
