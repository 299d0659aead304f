"""Tests of template.yaml that linters do not cover. Run by bin/test-template."""

import copy
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

import cfnlint.data.AdditionalSpecs
from cfnlint.helpers import load_resource
from stack import ROOT, Stack, matches, references, source, translate

HERE = pathlib.Path(__file__).parent

SAM = source()
DEFAULT = Stack(SAM)
EVERYTHING = Stack(SAM, MultiAz="true", ReserveConcurrency="true", AlarmEmail="a@example.com")
PRIVATE = Stack(SAM, DatabaseAccess="private", Stage="development")
AURORA = Stack(SAM, DatabaseEngine="aurora")
READERS = Stack(SAM, DatabaseEngine="aurora", DatabaseReaders="2", ReserveConcurrency="true", DatabaseAccess="private")
STACKS = (DEFAULT, EVERYTHING, PRIVATE, AURORA, READERS)

# Seconds; API Gateway's and Cognito's own, neither of which can be raised.
GATEWAY_TIMEOUT = 30
TRIGGER_TIMEOUT = 5

# For people, the migrator, RDS itself and the three that PostgreSQL keeps for superusers.
OTHER_CONNECTIONS = 8

# New connections that a database takes in a second. Amazon RDS User Guide, "IAM database authentication for MariaDB,
# MySQL, and PostgreSQL": fewer than 200 by IAM. Aurora DSQL User Guide, "Cluster quotas and database limits": 100.
NEW_CONNECTIONS = {"RDS and Aurora": 200, "Aurora DSQL": 100}

# They run during a deployment, before any other function.
MIGRATION = {"MigrateFunction", "MigrationTrigger"}

# The types that hold data.
STATEFUL = load_resource(cfnlint.data.AdditionalSpecs, "StatefulResources.json")["ResourceTypes"]

# Their names are unique in an account, not in one of its regions.
ACCOUNT_WIDE = ("AWS::CloudFront::", "AWS::CloudWatch::Dashboard", "AWS::IAM::", "AWS::S3::")

PUBLIC_ROUTES = {"GET /api/activities/home"}


def needs(test, present, name):
    """Skips a test whose program is missing, or fails it where everything must be there."""
    if not present:
        (test.fail if os.environ.get("CI") == "true" else test.skipTest)(f"{name} is missing")


def suppressions(logical_id):
    """The rules that the template suppresses at a resource, or at the one that SAM made it from, with reasons."""
    owners = [name for name in SAM["Resources"] if logical_id.startswith(name)]
    metadata = SAM["Resources"][max(owners, key=len)].get("Metadata", {}) if owners else {}
    rules = metadata.get("cdk_nag", {}).get("rules_to_suppress", [])
    return {rule["id"]: rule.get("reason", "") for rule in rules}


def functions(stack):
    """The functions that people, Cognito and schedules call."""
    every = stack.of_type("AWS::Lambda::Function")
    return {name: function for name, function in every.items() if name not in MIGRATION}


def migrator(stack):
    return stack.of_type("AWS::Lambda::Function")["MigrateFunction"]


def versions(stack):
    """The published versions of these functions."""
    every = stack.of_type("AWS::Lambda::Version")
    return {name: version for name, version in every.items() if version["FunctionName"]["Ref"] not in MIGRATION}


def variables(function):
    return function.get("Environment", {}).get("Variables", {})


def database_role(function):
    """The role in a function's CONNECTION_URL; none for a function without a database."""
    url = json.dumps(variables(function).get("CONNECTION_URL", ""))
    found = re.search(r"postgresql://([^@:]+)@", url)
    return found and found[1]


def names(properties):
    """The names that a resource gives itself, with their keys."""
    for key in ("Name", "DashboardName", "BucketName", "RoleName", "ManagedPolicyName"):
        for holder in matches(properties, key):
            yield key, holder[key]


def listed(value):
    return value if isinstance(value, list) else [value]


def statements(stack):
    """Each policy statement with the logical id of its resource."""
    for name, resource in stack.resources.items():
        for document in matches(resource.get("Properties", {}), "Statement"):
            for statement in listed(document["Statement"]):
                yield name, statement


def routes(stack):
    """Yields each route with its operation and its authorizers."""
    for api in stack.of_type("AWS::ApiGatewayV2::Api").values():
        for path, methods in api["Body"]["paths"].items():
            for method, operation in methods.items():
                names = [name for each in operation.get("security", []) for name in each]
                yield f"{method.upper()} {path}", operation, names


class Lint(unittest.TestCase):
    def lint(self, file):
        program = shutil.which("cfn-lint")
        needs(self, program, "cfn-lint")
        # Hints too, such as a missing deletion policy.
        run = subprocess.run([program, "-c", "I", "--", file], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_template_is_clean(self):
        self.lint(ROOT / "template.yaml")

    def test_translation_is_clean(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "translation.json")
            file.write_text(json.dumps(translate(SAM)))
            self.lint(file)


class Nag(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.findings = []
        if shutil.which("node") and (HERE / "node_modules").exists():
            cls.findings = cls.nag(STACKS)

    @staticmethod
    def nag(stacks):
        with tempfile.TemporaryDirectory() as folder:
            files = [pathlib.Path(folder, f"{number}.json") for number in range(len(stacks))]
            for file, stack in zip(files, stacks):
                file.write_text(json.dumps(stack.template()))
            run = subprocess.run(["node", HERE / "nag.mjs", *files], capture_output=True, text=True, check=True)
            return json.loads(run.stdout)

    def setUp(self):
        needs(self, shutil.which("node"), "node")
        needs(self, (HERE / "node_modules").exists(), "cdk-nag (npm ci in tests/template)")

    def test_finds_nothing_but_what_is_suppressed(self):
        for finding in self.findings:
            with self.subTest(finding):
                self.assertIn(finding["rule"].split("[")[0], suppressions(finding["resource"]))

    def test_no_suppression_is_left_over(self):
        found = {(f["rule"].split("[")[0], f["resource"]) for f in self.findings}
        for name in SAM["Resources"]:
            for rule, reason in suppressions(name).items():
                with self.subTest(resource=name, rule=rule):
                    self.assertGreater(len(reason.split()), 5, "a reason is a sentence")
                    self.assertTrue(any(rule == r and resource.startswith(name) for r, resource in found))


class Whole(unittest.TestCase):
    def test_every_parameter_has_a_default(self):
        for name, parameter in SAM["Parameters"].items():
            with self.subTest(name):
                self.assertIn("Default", parameter)

    def test_no_circular_dependency(self):
        for stack in STACKS:
            edges = {name: references(resource) & set(stack.resources) for name, resource in stack.resources.items()}
            while edges:
                free = {name for name, needed in edges.items() if not needed & set(edges)}
                self.assertTrue(free, f"these wait for each other: {sorted(edges)}")
                edges = {name: needed for name, needed in edges.items() if name not in free}

    def test_outputs_are_those_that_the_scripts_read(self):
        read = set()
        for script in sorted((ROOT / "bin").rglob("*")):
            text = script.read_text() if script.is_file() else ""
            for name in re.findall(r"\$\(output (\w+)\)", text):
                with self.subTest(script=script.name, output=name):
                    self.assertIn(name, SAM["Outputs"])
                read.add(name)
        self.assertLessEqual({"UserPoolId", "DatabaseEndpoint"}, read)

    def test_every_output_is_read_by_a_script_or_a_person(self):
        readers = [file for folder in ("bin", "docs") for file in (ROOT / folder).rglob("*") if "tests" not in file.parts]
        texts = [file.read_text() for file in readers if file.is_file() and file.suffix in ("", ".sh", ".md")]
        for name in SAM["Outputs"]:
            with self.subTest(name):
                self.assertTrue(any(re.search(rf"\b{name}\b", text) for text in texts))

    def test_what_holds_data_says_what_becomes_of_it(self):
        """At the end of the stack, and when an update replaces it."""
        expected = {
            "AWS::Cognito::UserPool": ("RetainExceptOnCreate", "Retain"),
            "AWS::Logs::LogGroup": ("Delete", "Delete"),
            "AWS::RDS::DBCluster": ("Snapshot", "Snapshot"),
            "AWS::RDS::DBInstance": ("Snapshot", "Snapshot"),
            "AWS::S3::Bucket": ("Delete", "Delete"),
        }
        found = set()
        for stack in STACKS:
            for name, resource in stack.resources.items():
                if resource["Type"] in STATEFUL:
                    # The instances of a cluster have no data of their own.
                    member = "DBClusterIdentifier" in resource["Properties"] and resource["Type"] == "AWS::RDS::DBInstance"
                    found.add(resource["Type"])
                    with self.subTest(name):
                        policies = (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy"))
                        self.assertEqual(policies, ("Delete", "Delete") if member else expected.get(resource["Type"]))
        self.assertEqual(found, set(expected))

    def test_names_of_the_whole_account_carry_the_region(self):
        """A second stack of the same name may stand in another region."""
        found = set()
        for stack in STACKS:
            for logical_id, resource in stack.resources.items():
                if resource["Type"].startswith(ACCOUNT_WIDE):
                    for key, name in names(resource["Properties"]):
                        with self.subTest(logical_id):
                            self.assertIn("${AWS::StackName}", name["Fn::Sub"])
                            self.assertIn("${AWS::Region}", name["Fn::Sub"])
                        found.add(key)
        self.assertEqual(found, {"Name", "DashboardName"})

    def test_no_host_but_amazons_is_named(self):
        hosts = set(re.findall(r"https?://([a-z0-9.-]+)", (ROOT / "template.yaml").read_text()))
        self.assertLessEqual(hosts, {"127.0.0.1", "localhost", "cognito-idp."})


class Network(unittest.TestCase):
    def test_functions_have_ipv6_in_every_subnet(self):
        for stack in STACKS:
            subnets = stack.of_type("AWS::EC2::Subnet")
            outwards = [
                route["RouteTableId"]["Ref"]
                for route in stack.of_type("AWS::EC2::Route").values()
                if route.get("DestinationIpv6CidrBlock") == "::/0" and "EgressOnlyInternetGatewayId" in route
            ]
            tables = {
                each["SubnetId"]["Ref"]: each["RouteTableId"]["Ref"]
                for each in stack.of_type("AWS::EC2::SubnetRouteTableAssociation").values()
            }
            for name, function in [*functions(stack).items(), ("MigrateFunction", migrator(stack))]:
                self.assertTrue(function["VpcConfig"]["Ipv6AllowedForDualStack"])
                self.assertEqual(len(function["VpcConfig"]["SubnetIds"]), 2)
                for subnet in function["VpcConfig"]["SubnetIds"]:
                    with self.subTest(function=name, subnet=subnet["Ref"]):
                        self.assertIn("Ipv6CidrBlock", subnets[subnet["Ref"]])
                        self.assertTrue(subnets[subnet["Ref"]]["AssignIpv6AddressOnCreation"])
                        self.assertIn(tables[subnet["Ref"]], outwards)

    def test_nothing_costs_a_nat_gateway(self):
        for stack in STACKS:
            self.assertFalse(stack.of_type("AWS::EC2::NatGateway"))

    def test_no_security_group_lets_an_address_in(self):
        """Only the updater admits addresses, those of workspaces. The template's rules admit only security groups."""
        for stack in STACKS:
            rules = list(stack.of_type("AWS::EC2::SecurityGroupIngress").items())
            for name, group in stack.of_type("AWS::EC2::SecurityGroup").items():
                rules += [(name, rule) for rule in group.get("SecurityGroupIngress", [])]
            for name, rule in rules:
                with self.subTest(name):
                    self.assertIn("SourceSecurityGroupId", rule)
                    self.assertNotIn("WorkspacesSecurityGroup", references(rule))

    def test_every_security_group_says_what_it_lets_out(self):
        for name, group in DEFAULT.of_type("AWS::EC2::SecurityGroup").items():
            with self.subTest(name):
                self.assertTrue(group["SecurityGroupEgress"])

    def test_functions_reach_the_database_alone(self):
        for rule in DEFAULT.resources["FunctionsSecurityGroup"]["Properties"]["SecurityGroupEgress"]:
            self.assertEqual(rule["DestinationSecurityGroupId"], {"Ref": "DatabaseSecurityGroup"})


def database(stack):
    """What has the data: the instance, or the cluster."""
    (found,) = (stack.of_type("AWS::RDS::DBCluster") or stack.of_type("AWS::RDS::DBInstance")).values()
    return found


def settings(stack):
    """Those of PostgreSQL, of the cluster and of each instance."""
    (group,) = stack.of_type("AWS::RDS::DBParameterGroup").values()
    of_cluster = [each["Parameters"] for each in stack.of_type("AWS::RDS::DBClusterParameterGroup").values()]
    return {name: value for each in (*of_cluster, group["Parameters"]) for name, value in each.items()}


class Database(unittest.TestCase):
    # What has the data, by engine.
    DATA = {"postgres": "Database", "aurora": "DatabaseCluster"}

    def test_is_public_only_when_asked_for(self):
        for stack, public in ((DEFAULT, True), (PRIVATE, False), (AURORA, True), (READERS, False)):
            to_internet = [
                route["RouteTableId"]["Ref"]
                for route in stack.of_type("AWS::EC2::Route").values()
                if "GatewayId" in route
            ]
            for name, instance in stack.of_type("AWS::RDS::DBInstance").items():
                with self.subTest(name, public=public):
                    self.assertIs(instance["PubliclyAccessible"], public)
                    self.assertEqual(to_internet, ["DatabaseRoutes"] if public else [])

    def test_is_encrypted_at_rest_and_on_the_way(self):
        for stack in STACKS:
            self.assertIs(database(stack)["StorageEncrypted"], True)
            self.assertEqual(settings(stack)["rds.force_ssl"], "1")
            for instance in stack.of_type("AWS::RDS::DBInstance").values():
                self.assertEqual(instance["CACertificateIdentifier"], "rds-ca-rsa2048-g1")
        for name, function in [*functions(DEFAULT).items(), ("MigrateFunction", migrator(DEFAULT))]:
            if database_role(function):
                with self.subTest(name):
                    self.assertIn("sslmode=verify-full", json.dumps(variables(function)["CONNECTION_URL"]))

    def test_no_password_is_in_the_template(self):
        for stack in STACKS:
            self.assertEqual(database(stack)["MasterUserAuthenticationType"], "iam-db-auth")
            self.assertIs(database(stack)["EnableIAMDatabaseAuthentication"], True)
            self.assertNotIn("MasterUserPassword", database(stack))
            self.assertNotIn("ManageMasterUserPassword", database(stack))
        self.assertFalse([name for name, output in SAM["Outputs"].items() if "Secret" in json.dumps(output)])
        for name, function in functions(EVERYTHING).items():
            with self.subTest(name):
                self.assertNotRegex(json.dumps(variables(function)), r"postgresql://[^@\"]*:[^@\"]*@")

    def test_production_is_the_default_and_survives_a_mistake(self):
        # As after the first deployment, which ends with bin/deploy setting the page's address.
        for engine, name in self.DATA.items():
            deployed = Stack(SAM, PageOrigin="https://d1.cloudfront.net", DatabaseEngine=engine)
            self.assertEqual(self.protections(deployed), {name: True, "UserPool": "ACTIVE"})
            self.assertGreaterEqual(database(deployed)["BackupRetentionPeriod"], 7)
        for stack in STACKS:
            data = stack.resources[self.DATA[stack.parameters["DatabaseEngine"]]]
            self.assertEqual((data["DeletionPolicy"], data["UpdateReplacePolicy"]), ("Snapshot", "Snapshot"))
            self.assertEqual(stack.resources["UserPool"]["DeletionPolicy"], "RetainExceptOnCreate")
            self.assertEqual(stack.resources["UserPool"]["UpdateReplacePolicy"], "Retain")

    def test_nothing_keeps_a_first_deployment_from_rolling_back(self):
        """CloudFormation deletes what it has just made, and cannot delete what is protected."""
        development = Stack(SAM, Stage="development", PageOrigin="https://d1.cloudfront.net")
        for stack in (*STACKS, development):
            data = self.DATA[stack.parameters["DatabaseEngine"]]
            self.assertEqual(self.protections(stack), {data: False, "UserPool": "INACTIVE"})

    @staticmethod
    def protections(stack):
        """Every resource that can be protected against deletion, and whether it is."""
        protected = {name: resource.get("Properties", {}).get("DeletionProtection") for name, resource in stack.resources.items()}
        return {name: value for name, value in protected.items() if value is not None}

    def test_never_slides_into_paid_extended_support(self):
        for stack, engine, version in ((DEFAULT, "postgres", "18"), (AURORA, "aurora-postgresql", "17")):
            self.assertEqual(database(stack)["Engine"], engine)
            self.assertEqual(stack.with_parameters(database(stack)["EngineVersion"]), version)
            self.assertIn("disabled", database(stack)["EngineLifecycleSupport"])

    def test_its_log_has_no_value_of_a_statement(self):
        for stack in STACKS:
            self.assertEqual(settings(stack)["log_parameter_max_length"], "0")
            self.assertEqual(settings(stack)["log_parameter_max_length_on_error"], "0")

    def test_everything_that_waits_has_an_end(self):
        for stack in STACKS:
            for name in ("statement_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"):
                with self.subTest(name):
                    self.assertGreater(int(settings(stack)[name]), 0)

    def test_a_snapshot_brings_database_and_user_along(self):
        """AWS CloudFormation Template Reference, "AWS::RDS::DBInstance" and "AWS::RDS::DBCluster"."""
        for engine, snapshot in (("postgres", "DBSnapshotIdentifier"), ("aurora", "SnapshotIdentifier")):
            restored = database(Stack(SAM, DatabaseEngine=engine, DatabaseSnapshot="before"))
            with self.subTest(engine):
                self.assertEqual(restored[snapshot], {"Ref": "DatabaseSnapshot"})
                self.assertFalse({"DBName", "DatabaseName", "MasterUsername", "MasterUserAuthenticationType"} & set(restored))

    def test_another_suffix_names_database_and_log(self):
        for engine, kind in (("postgres", "instance"), ("aurora", "cluster")):
            stack = Stack(SAM, DatabaseEngine=engine, DatabaseSuffix="-2")
            data = stack.with_parameters(database(stack))
            with self.subTest(engine):
                self.assertEqual(data.get("DBClusterIdentifier") or data["DBInstanceIdentifier"], {"Fn::Sub": "${AWS::StackName}-2"})
                log = stack.with_parameters(stack.resources["DatabaseLog"])["Properties"]["LogGroupName"]
                self.assertEqual(log, {"Fn::Sub": f"/aws/rds/{kind}/${{AWS::StackName}}-2/postgresql"})


class Engines(unittest.TestCase):
    """DatabaseEngine changes the database's resources, endpoints and alarms, and the dashboard, and nothing else."""

    # What one form has and the other has not.
    POSTGRES = {"Database", "DatabaseStorageAlarm"}
    CLUSTER = {"DatabaseCluster", "DatabaseClusterParameters", "DatabaseWriter"}
    # What both have, with another content.
    CHANGED = {
        "DatabaseParameters",
        "DatabaseLog",
        "DatabaseHost",
        "DatabaseReaderHost",
        "DatabaseResourceId",
        "DatabaseProcessorAlarm",
        "DatabaseConnectionsAlarm",
        "Dashboard",
    }

    def test_the_two_templates_differ_in_the_database_alone(self):
        self.assertEqual(set(DEFAULT.resources) - set(AURORA.resources), self.POSTGRES)
        self.assertEqual(set(AURORA.resources) - set(DEFAULT.resources), self.CLUSTER)
        both = set(DEFAULT.resources) & set(AURORA.resources)
        self.assertEqual({name for name in both if DEFAULT.resources[name] != AURORA.resources[name]}, self.CHANGED)
        self.assertEqual(DEFAULT.outputs, AURORA.outputs)

    def test_only_these_depend_on_the_engine(self):
        for name, resource in SAM["Resources"].items():
            known = {"Database", "DatabaseCluster", "DatabaseWriter"} & references(resource)
            if known or "IsAurora" in json.dumps(resource):
                with self.subTest(name):
                    self.assertIn(name, self.POSTGRES | self.CLUSTER | self.CHANGED | {"DatabaseReaderA", "DatabaseReaderB"})

    def test_writers_go_to_the_cluster_and_the_feed_to_its_readers(self):
        for stack in (AURORA, READERS):
            users = {**functions(stack), "MigrateFunction": migrator(stack)}
            for name, function in users.items():
                url = stack.with_ssm_values(variables(function)["CONNECTION_URL"])["Fn::Sub"]
                endpoint = "ReadEndpoint" if name == "HomeActivitiesFunction" else "Endpoint"
                with self.subTest(name):
                    self.assertIn(f"@${{DatabaseCluster.{endpoint}.Address}}:5432/cruddur?", url)

    def test_the_role_at_the_readers_reads_only(self):
        role = database_role(functions(AURORA)["HomeActivitiesFunction"])
        roles = (ROOT / "sql/migrations/R__roles.sql").read_text()
        self.assertIn(f"alter role {role} set default_transaction_read_only = on;", roles)
        self.assertEqual([name for name, each in functions(AURORA).items() if database_role(each) == role], ["HomeActivitiesFunction"])

    def test_alarms_watch_the_whole_cluster(self):
        """Its instances take turns as the writer (Aurora User Guide, "Amazon CloudWatch dimensions for Aurora")."""
        for stack, dimension in ((DEFAULT, ("DBInstanceIdentifier", "Database")), (READERS, ("DBClusterIdentifier", "DatabaseCluster"))):
            alarms = list(stack.of_type("AWS::CloudWatch::Alarm").values())
            watched = [metric for metric in matches(alarms, "MetricName") if metric["Namespace"] == "AWS/RDS"]
            self.assertGreater(len(watched), 1)
            for metric in watched:
                with self.subTest(metric["MetricName"], dimension=dimension):
                    self.assertEqual([(each["Name"], each["Value"]["Ref"]) for each in metric["Dimensions"]], [dimension])

    def test_each_instance_of_the_cluster_is_like_its_writer(self):
        for readers in range(3):
            stack = Stack(SAM, DatabaseEngine="aurora", DatabaseReaders=str(readers))
            instances = list(stack.of_type("AWS::RDS::DBInstance").values())
            with self.subTest(readers):
                self.assertEqual(instances, [instances[0]] * (1 + readers))
                self.assertEqual(instances[0]["DBInstanceClass"], "db.serverless")
                self.assertEqual(instances[0]["DBClusterIdentifier"], {"Ref": "DatabaseCluster"})
        self.assertFalse({"DatabaseReaderA", "DatabaseReaderB"} & set(Stack(SAM, DatabaseReaders="2").resources))

    def test_the_writer_is_the_first_instance_of_the_cluster(self):
        """The first one becomes the writer (Aurora User Guide, "Creating an Amazon Aurora DB cluster")."""
        for name in ("DatabaseReaderA", "DatabaseReaderB"):
            with self.subTest(name):
                self.assertEqual(SAM["Resources"][name]["DependsOn"], "DatabaseWriter")

    def test_another_version_brings_its_parameter_groups(self):
        stack = Stack(SAM, DatabaseEngine="aurora", AuroraVersion="18")
        self.assertEqual(stack.with_parameters(database(stack)["EngineVersion"]), "18")
        for kind in ("AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"):
            (group,) = stack.of_type(kind).values()
            self.assertEqual(stack.with_parameters(group["Family"]), {"Fn::Sub": "aurora-postgresql18"})

    def test_nothing_depends_on_what_is_absent(self):
        """CloudFormation then makes neither (Template Reference, "Condition attribute")."""
        stacks = [DEFAULT, *(Stack(SAM, DatabaseEngine="aurora", DatabaseReaders=readers) for readers in "012")]
        for stack in stacks:
            for name, resource in stack.resources.items():
                with self.subTest(name, stack=stacks.index(stack)):
                    self.assertLessEqual(set(listed(resource.get("DependsOn", []))), set(stack.resources))


class Functions(unittest.TestCase):
    def test_are_set_up_alike(self):
        for stack in STACKS:
            aliases = stack.of_type("AWS::Lambda::Alias").values()
            groups = stack.of_type("AWS::Logs::LogGroup")
            logs = set()
            for name, function in functions(stack).items():
                with self.subTest(name):
                    self.assertEqual(function["Runtime"], "java25")
                    self.assertEqual(stack.with_parameters(function["Architectures"]), ["arm64"])
                    self.assertEqual(function["SnapStart"], {"ApplyOn": "PublishedVersions"})
                    self.assertEqual(function["TracingConfig"], {"Mode": "Active"})
                    self.assertEqual(function["LoggingConfig"]["LogFormat"], "JSON")
                    self.assertIn({"Ref": name}, [alias["FunctionName"] for alias in aliases])
                    log = function["LoggingConfig"]["LogGroup"]["Ref"]
                    self.assertNotIn(log, logs, "a log of its own")
                    self.assertIn("RetentionInDays", groups[log])
                    logs.add(log)

    def test_a_changed_parameter_publishes_every_function_again(self):
        """Lambda must see another function, and CloudFormation another version, whose description cannot be changed."""
        changed = Stack(SAM, Architecture="x86_64")
        for members in (functions, versions):
            before, after = (stack.with_parameters(members(stack)) for stack in (DEFAULT, changed))
            self.assertEqual(len(before), len(functions(DEFAULT)))
            for name, properties in before.items():
                with self.subTest(name):
                    self.assertNotEqual(properties, after[name])

    def test_only_the_alias_is_called(self):
        for name, permission in DEFAULT.of_type("AWS::Lambda::Permission").items():
            with self.subTest(name):
                self.assertIn("Alias", permission["FunctionName"]["Ref"])

    def test_handler_and_sql_are_in_the_jar(self):
        for name, resource in SAM["Resources"].items():
            if resource["Type"] != "AWS::Serverless::Function":
                continue
            with self.subTest(name):
                jar = ROOT / resource["Properties"]["CodeUri"]
                needs(self, jar.exists(), str(jar.relative_to(ROOT)))
                if jar.is_dir():
                    self.assertTrue((jar / "index.py").exists())
                    continue
                handler = resource["Properties"]["Handler"].split("::")[0].replace(".", "/")
                with zipfile.ZipFile(jar) as archive:
                    entries = set(archive.namelist())
                    self.assertIn(handler + ".class", entries)
                    package = [e for e in entries if e.startswith(handler.rpartition("/")[0] + "/") and e.endswith(".class")]
                    files = {f for e in package for f in re.findall(rb"[a-z-]+/[a-z-]+\.sql", archive.read(e))}
                if name in MIGRATION:
                    files = {b"migrations/" + file.name.encode() for file in (ROOT / "sql/migrations").glob("*.sql")}
                if "CONNECTION_URL" in resource["Properties"].get("Environment", {}).get("Variables", {}):
                    self.assertTrue(files, "a function with a database has statements")
                for file in files:
                    self.assertIn("sql/" + file.decode(), entries)

    def test_timeouts_are_nested(self):
        roles = (ROOT / "sql/migrations/R__roles.sql").read_text()
        triggers = json.dumps([pool["LambdaConfig"] for pool in DEFAULT.of_type("AWS::Cognito::UserPool").values()])
        for name, function in functions(DEFAULT).items():
            with self.subTest(name):
                self.assertLess(function["Timeout"], TRIGGER_TIMEOUT if name in triggers else GATEWAY_TIMEOUT)
                role = database_role(function)
                for setting in ("statement_timeout", "lock_timeout") if role else ():
                    found = re.search(rf"alter role {role} set {setting} = '(\d+)ms'", roles)
                    self.assertIsNotNone(found, f"{setting} of {role} in sql/migrations/R__roles.sql")
                    self.assertLess(int(found[1]) / 1000, function["Timeout"])

    @staticmethod
    def reserved(stack):
        """The environments that each function may have, by its role. An environment holds one connection."""
        return {database_role(f): stack.number(f["ReservedConcurrentExecutions"]) for f in functions(stack).values() if database_role(f)}

    def test_concurrency_stays_inside_the_connection_budget(self):
        """Each instance needs the whole budget: one alone serves all functions, and one reader may serve the whole feed."""
        for stack in (EVERYTHING, READERS):
            reserved = self.reserved(stack)
            self.assertEqual(len(reserved), len(functions(stack)))
            self.assertTrue(all(reserved.values()), "zero would switch a function off")
            # Twice: after a deployment, the old version's environments hold their connections for a while.
            connections = stack.number(settings(stack)["max_connections"])
            self.assertLessEqual(2 * sum(reserved.values()) + OTHER_CONNECTIONS, connections)
        self.assertFalse([f for f in functions(DEFAULT).values() if "ReservedConcurrentExecutions" in f])

    def test_all_environments_may_connect_in_the_same_second(self):
        """As after a failover, or after a deployment with the version before."""
        for engine, most in NEW_CONNECTIONS.items():
            with self.subTest(engine):
                self.assertLess(2 * sum(self.reserved(EVERYTHING).values()), most)

    def test_scaling_says_how_far_the_connections_carry(self):
        page = (ROOT / "docs/scaling.md").read_text()
        environments = sum(self.reserved(EVERYTHING).values())
        connections = EVERYTHING.number(settings(EVERYTHING)["max_connections"])
        sentences = [f"the template's {environments} environments hold {2 * environments} of {connections} connections"]
        sentences += [f"{most // 2} environments on {engine}" for engine, most in NEW_CONNECTIONS.items()]
        for sentence in sentences:
            self.assertTrue(sentence in page, sentence)

    def test_the_updater_has_one_writer_at_a_time(self):
        updater = EVERYTHING.resources["SecurityGroupUpdaterFunction"]["Properties"]
        self.assertEqual(EVERYTHING.number(updater["ReservedConcurrentExecutions"]), 1)


class Schedules(unittest.TestCase):
    # Lambda deletes a snapshot after 14 days without a call (Lambda Developer Guide, "Improving startup performance
    # with Lambda SnapStart").
    SNAPSHOT_DAYS = 14

    @staticmethod
    def seconds(rate):
        """The interval of a rate expression (EventBridge User Guide, "Rate expressions reference")."""
        value, unit = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", rate).groups()
        return int(value) * {"minute": 60, "hour": 3600, "day": 86400}[unit]

    @staticmethod
    def waited_for():
        """The functions whose callers wait for the answer, by the types of their events."""
        for name, resource in SAM["Resources"].items():
            types = {event["Type"] for event in resource.get("Properties", {}).get("Events", {}).values() if "Type" in event}
            if resource["Type"] == "AWS::Serverless::Function" and types & {"HttpApi", "Cognito"}:
                yield name

    @staticmethod
    def targets(stack):
        """Each rule's name, interval and the functions whose alias it calls."""
        aliases = stack.of_type("AWS::Lambda::Alias")
        for name, rule in stack.of_type("AWS::Events::Rule").items():
            called = [aliases[target["Arn"]["Ref"]]["FunctionName"]["Ref"] for target in rule["Targets"]]
            yield name, Schedules.seconds(rule["ScheduleExpression"]), called

    def test_each_rule_calls_one_alias_and_has_the_permission(self):
        for stack in STACKS:
            permissions = stack.of_type("AWS::Lambda::Permission").values()
            for name, _, called in self.targets(stack):
                with self.subTest(name):
                    self.assertEqual(len(called), 1)
                    (target,) = stack.resources[name]["Properties"]["Targets"]
                    (granted,) = [p for p in permissions if p.get("SourceArn") == {"Fn::GetAtt": [name, "Arn"]}]
                    self.assertEqual(granted["Principal"], "events.amazonaws.com")
                    self.assertEqual(granted["FunctionName"], target["Arn"])
                    self.assertNotIn("Input", target)

    def test_every_snapshot_is_used_within_14_days(self):
        for stack in STACKS:
            intervals = {function: seconds for _, seconds, called in self.targets(stack) for function in called}
            for name in self.waited_for():
                with self.subTest(name):
                    self.assertLess(intervals[name], self.SNAPSHOT_DAYS * 86400)

    def test_the_alarm_is_red_where_any_canary_is_absent(self):
        alarm = DEFAULT.resources["CanaryAlarm"]["Properties"]
        canaries = {called[0]: seconds for name, seconds, called in self.targets(DEFAULT) if name.endswith("Canary")}
        metrics = [m for m in alarm["Metrics"] if "MetricStat" in m]
        self.assertEqual(len(canaries), 3)
        self.assertEqual(
            {m["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for m in metrics}, set(canaries)
        )
        for metric in metrics:
            # The window of an alarm slides (CloudWatch User Guide, "Alarm evaluation window"): it always contains a canary's
            # call. If one call fails, it contains no successful one for a time.
            self.assertLess(canaries[metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"]], metric["MetricStat"]["Period"])
            self.assertLess(metric["MetricStat"]["Period"], 2 * min(canaries.values()))
            self.assertEqual(metric["MetricStat"]["Stat"], "Sum")
            self.assertEqual(metric["MetricStat"]["Metric"]["Namespace"], "Cruddur")
            self.assertEqual(metric["MetricStat"]["Metric"]["MetricName"], "Canary")
            self.assertEqual(metric["MetricStat"]["Metric"]["Dimensions"][0]["Name"], "function")
        (expression,) = [m["Expression"] for m in alarm["Metrics"] if "Expression" in m]
        self.assertEqual(alarm["ComparisonOperator"], "LessThanThreshold")
        self.assertEqual((alarm["EvaluationPeriods"], alarm["TreatMissingData"]), (1, "breaching"))

        def red(sums):
            fill = lambda found, value: value if found is None else found
            return eval(expression, {"FILL": fill}, sums) < alarm["Threshold"]

        present = {metric["Id"]: 1 for metric in metrics}
        self.assertFalse(red(present))
        self.assertFalse(red(dict.fromkeys(present, 2)))
        for absent in present:
            self.assertTrue(red({**present, absent: None}), absent)


class Migrations(unittest.TestCase):
    def custom(self, stack):
        (resource,) = stack.of_type("Custom::Migration").values()
        return resource

    def test_every_function_waits_for_the_migration(self):
        for stack in STACKS:
            for members in (functions, versions):
                for name, properties in members(stack).items():
                    with self.subTest(name):
                        self.assertIn("Migration", references(properties))

    def test_a_changed_schema_publishes_every_function_again(self):
        """Both must change: without a changed function, Lambda publishes nothing; without a changed version, CloudFormation asks for nothing."""
        for name, function in functions(DEFAULT).items():
            with self.subTest(name):
                self.assertEqual(variables(function)["SCHEMA"], {"Fn::GetAtt": ["Migration", "Schema"]})
        for name, version in versions(DEFAULT).items():
            with self.subTest(name):
                self.assertIn("${Migration.Schema}", version["Description"]["Fn::Sub"])

    def test_runs_again_with_another_migrator_and_with_another_database(self):
        for stack in STACKS:
            properties = self.custom(stack)
            version = stack.resources[properties["Migrator"]["Ref"]]
            self.assertEqual(version["Type"], "AWS::Lambda::Version")
            self.assertEqual(version["Properties"]["FunctionName"], {"Ref": "MigrateFunction"})
            data = ["DatabaseCluster", "DBClusterResourceId"] if "DatabaseCluster" in stack.resources else ["Database", "DbiResourceId"]
            self.assertEqual(stack.with_ssm_values(properties["Database"]), {"Fn::GetAtt": data})
        # Another jar is another version: SAM makes its name from the code's address.
        changed = json.loads(json.dumps(SAM))
        changed["Resources"]["MigrateFunction"]["Properties"]["CodeUri"] = "another.jar"
        self.assertNotEqual(self.custom(DEFAULT)["Migrator"], self.custom(Stack(changed))["Migrator"])

    def test_another_stage_publishes_the_migrator_again(self):
        """Lambda must see another function, and Migration another version. Only then it runs, and marks the database."""

        def version(stack):
            return stack.resources[self.custom(stack)["Migrator"]["Ref"]]["Properties"]

        for parameter in ({"Stage": "development"}, {"Architecture": "x86_64"}):
            changed = Stack(SAM, **parameter)
            for member in (migrator, version):
                with self.subTest(member.__name__, **parameter):
                    self.assertNotEqual(DEFAULT.with_parameters(member(DEFAULT)), changed.with_parameters(member(changed)))

    def test_the_database_can_be_reached_before_it_runs(self):
        for stack in STACKS:
            needed, found = set(), {"Migration"}
            while found - needed:
                needed |= found
                found = set().union(*(references(stack.resources[name]) for name in found)) & set(stack.resources)
            instance = "DatabaseWriter" if "DatabaseWriter" in stack.resources else "Database"
            self.assertLessEqual({instance, "DatabaseFromFunctions", "FunctionSubnetA", "MigrateFunctionRole"}, needed)
            self.assertFalse(set(functions(stack)) & needed)

    def test_timeouts_are_nested(self):
        trigger = DEFAULT.resources["MigrationTrigger"]["Properties"]
        code = (ROOT / trigger["Code"]["S3Key"] / "index.py").read_text()
        waits = int(re.search(r"^READ_TIMEOUT = (\d+)", code, re.MULTILINE)[1])
        refusals = int(re.search(r"^REFUSAL_DELAY = (\d+)", code, re.MULTILINE)[1])
        self.assertLess(migrator(DEFAULT)["Timeout"], waits)
        sends = math.prod(int(found) for found in re.findall(r"^SEND_\w+ = (\d+)", code, re.MULTILINE))
        self.assertLess(waits + refusals + sends, trigger["Timeout"])
        age = self.invoke_config(DEFAULT)["MaximumEventAgeInSeconds"]
        self.assertLess(age + trigger["Timeout"], int(self.custom(DEFAULT)["ServiceTimeout"]))
        self.assertLessEqual(trigger["Timeout"], 900)

    def invoke_config(self, stack):
        (config,) = (
            each for each in stack.of_type("AWS::Lambda::EventInvokeConfig").values() if each["FunctionName"] == {"Ref": "MigrationTrigger"}
        )
        return config

    def test_lambda_never_repeats_the_trigger_and_its_answer_names_the_log_of_the_migrator(self):
        for stack in STACKS:
            self.assertEqual(self.invoke_config(stack)["MaximumRetryAttempts"], 0)
            log = variables(stack.of_type("AWS::Lambda::Function")["MigrationTrigger"])["MIGRATE_LOG"]
            self.assertEqual(log, migrator(stack)["LoggingConfig"]["LogGroup"])

    def test_the_trigger_is_outside_the_vpc_and_may_call_the_migrator_alone(self):
        for stack in STACKS:
            self.assertNotIn("VpcConfig", stack.resources["MigrationTrigger"]["Properties"])
            allowed = [s for owner, s in statements(stack) if owner == "MigrationTriggerRole" and "Resource" in s]
            self.assertEqual([s["Action"] for s in allowed], ["lambda:InvokeFunction"])
            self.assertEqual(allowed[0]["Resource"], {"Fn::Sub": "${MigrateFunction.Arn}:*"})
            self.assertEqual(self.custom(stack)["ServiceToken"], {"Fn::GetAtt": ["MigrationTrigger", "Arn"]})

    def test_the_migrator_signs_in_as_the_master_user_by_iam(self):
        for stack in STACKS:
            self.assertEqual(database_role(migrator(stack)), "cruddur_admin")
            self.assertEqual(database(stack)["MasterUsername"], "cruddur_admin")
            granted = [s for owner, s in statements(stack) if owner == "MigrateFunctionRole" and "rds-db:connect" in listed(s["Action"])]
            self.assertEqual(len(granted), 1)
            self.assertIn("${DatabaseResourceId.Value}/cruddur_admin", json.dumps(granted[0]["Resource"]))


class SamLocal(unittest.TestCase):
    """What `sam local` needs of the template, events/env.json and samconfig.toml; tests/scripts/sam.bats runs it."""

    ENVIRONMENT = json.loads((ROOT / "events/env.json").read_text())
    # What a shell exports, since it is another one on each machine.
    EXPORTED = {"SECURITY_GROUP_ID"}

    @staticmethod
    def sources():
        """The Java functions as they stand in the template, with what Globals says of all."""
        for name, resource in SAM["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function" and name != "MigrationTrigger":
                yield name, {**SAM["Globals"]["Function"], **resource["Properties"]}

    def test_every_variable_has_a_value(self):
        """SAM drops what the template does not declare, and makes what it cannot resolve empty."""
        self.assertEqual(set(self.ENVIRONMENT), {name for name, _ in self.sources()})
        for name, function in self.sources():
            with self.subTest(name):
                declared = function["Environment"]["Variables"]
                given = self.ENVIRONMENT[name]
                self.assertLessEqual(set(given), set(declared))
                computed = {key for key, value in declared.items() if not self.plain(value)}
                self.assertEqual(computed - self.EXPORTED, set(given))

    def test_the_database_is_that_of_bin_local(self):
        for name, function in self.sources():
            with self.subTest(name):
                url = self.ENVIRONMENT[name]["CONNECTION_URL"]
                role = database_role({"Environment": function["Environment"]})
                self.assertEqual(url, f"postgresql://{role}:local@host.docker.internal:54322/cruddur")

    @staticmethod
    def plain(value):
        """Whether SAM's CLI resolves a value: a text, or a parameter with a default."""
        return isinstance(value, (str, int)) or "Default" in SAM["Parameters"].get(value.get("Ref"), {})

    def test_no_intrinsic_function_stands_where_sam_resolves_none(self):
        for name, function in self.sources():
            with self.subTest(name):
                for key in ("CodeUri", "Handler", "Runtime", "Timeout", "MemorySize"):
                    self.assertIsInstance(function[key], (str, int), key)
                self.assertTrue(all(map(self.plain, function["Architectures"])))
                for event in function.get("Events", {}).values():
                    if event["Type"] == "HttpApi":
                        self.assertTrue(self.plain(event["Properties"]["Path"]) and self.plain(event["Properties"]["Method"]))
        for key, values in SAM["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"].items():
            with self.subTest(key):
                self.assertTrue(all(map(self.plain, listed(values))))

    def test_its_options_stand_in_samconfig(self):
        tomllib = None
        if sys.version_info >= (3, 11):
            import tomllib
        needs(self, tomllib, "Python 3.11, which reads TOML")
        configuration = tomllib.loads((ROOT / "samconfig.toml").read_text())
        for processor, expected in (("default", "Stage=development Architecture=x86_64"), ("arm64", "Stage=development")):
            shared = configuration[processor]["global"]["parameters"]
            self.assertTrue((ROOT / shared["env_vars"]).exists())
            self.assertEqual(shared["add_host"], ["host.docker.internal:host-gateway"])
            for command in ("local_invoke", "local_start_api", "local_start_lambda"):
                with self.subTest(processor=processor, command=command):
                    options = configuration[processor].get(command, {}).get("parameters", {})
                    self.assertEqual(options.get("parameter_overrides"), expected)
                    self.assertNotIn(options.get("port"), (3000, 3001, 3002))
        self.assertEqual(SAM["Parameters"]["Architecture"]["Default"], "arm64")
        for section in ("global", "deploy"):
            self.assertNotIn("parameter_overrides", configuration["default"][section]["parameters"])


class Policies(unittest.TestCase):
    def test_no_action_has_a_wildcard(self):
        for stack in STACKS:
            for name, statement in statements(stack):
                if statement["Effect"] == "Allow":
                    with self.subTest(name):
                        self.assertNotIn("NotAction", statement)
                        self.assertNotIn("NotResource", statement)
                        self.assertFalse([a for a in listed(statement["Action"]) if "*" in a])

    def test_each_resource_wildcard_is_justified(self):
        for stack in STACKS:
            for name, statement in statements(stack):
                for resource in listed(statement.get("Resource", [])):
                    text = json.dumps(resource)
                    if "*" in text and stack.resources[name]["Type"] != "AWS::S3::BucketPolicy":
                        with self.subTest(resource=name, wildcard=text):
                            self.assertIn("AwsSolutions-IAM5", suppressions(name))

    def test_a_bucket_policy_names_its_own_bucket(self):
        for policy in DEFAULT.of_type("AWS::S3::BucketPolicy").values():
            for statement in policy["PolicyDocument"]["Statement"]:
                self.assertEqual(references(statement["Resource"]), {policy["Bucket"]["Ref"]})

    def test_only_the_distribution_reads_the_bucket(self):
        for policy in DEFAULT.of_type("AWS::S3::BucketPolicy").values():
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    self.assertEqual(statement["Principal"], {"Service": "cloudfront.amazonaws.com"})
                    self.assertIn("WebDistribution", references(statement["Condition"]))

    def test_each_function_signs_in_as_its_own_role_alone(self):
        for stack in STACKS:
            for name, function in functions(stack).items():
                role = database_role(function)
                granted = [
                    json.dumps(resource)
                    for owner, statement in statements(stack)
                    if owner == function["Role"]["Fn::GetAtt"][0] and "rds-db:connect" in listed(statement["Action"])
                    for resource in listed(statement["Resource"])
                ]
                with self.subTest(name):
                    self.assertEqual(len(granted), 1 if role else 0)
                    self.assertTrue(all(f"${{DatabaseResourceId.Value}}/{role}\"" in each for each in granted))


class SignIn(unittest.TestCase):
    def test_client_is_public_with_the_code_flow_alone(self):
        (client,) = DEFAULT.of_type("AWS::Cognito::UserPoolClient").values()
        self.assertIs(client["GenerateSecret"], False)
        self.assertEqual(client["AllowedOAuthFlows"], ["code"])
        self.assertNotIn("PASSWORD", " ".join(client["ExplicitAuthFlows"]))

    def test_no_second_factor_is_promised(self):
        """Managed login asks for the enrolment only where a second factor is required."""
        (pool,) = DEFAULT.of_type("AWS::Cognito::UserPool").values()
        self.assertEqual(pool["MfaConfiguration"], "OFF")
        self.assertNotIn("EnabledMfas", pool)

    def test_refresh_tokens_rotate_and_live_a_week(self):
        (client,) = DEFAULT.of_type("AWS::Cognito::UserPoolClient").values()
        self.assertEqual(client["RefreshTokenRotation"], {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60})
        self.assertEqual((client["RefreshTokenValidity"], client["TokenValidityUnits"]["RefreshToken"]), (7, "days"))
        # Cognito refuses it beside the rotation, and allows it where no flow is named.
        self.assertTrue(client["ExplicitAuthFlows"])
        self.assertNotIn("ALLOW_REFRESH_TOKEN_AUTH", client["ExplicitAuthFlows"])
        # The page revokes it when a person signs out.
        self.assertIs(client["EnableTokenRevocation"], True)

    def test_managed_login_has_a_domain_and_a_style(self):
        (domain,) = DEFAULT.of_type("AWS::Cognito::UserPoolDomain").values()
        (style,) = DEFAULT.of_type("AWS::Cognito::ManagedLoginBranding").values()
        self.assertEqual(domain["ManagedLoginVersion"], 2)
        self.assertEqual(style["ClientId"], {"Ref": "UserPoolClient"})

    def test_cognito_calls_the_alias_at_confirmations_and_at_sign_ins(self):
        (pool,) = DEFAULT.of_type("AWS::Cognito::UserPool").values()
        alias = {"Ref": "PostConfirmationFunctionAliaslive"}
        self.assertEqual(pool["LambdaConfig"], {"PostConfirmation": alias, "PostAuthentication": alias})
        permissions = DEFAULT.of_type("AWS::Lambda::Permission").values()
        (permission,) = [each for each in permissions if each["Principal"] == "cognito-idp.amazonaws.com"]
        self.assertEqual(permission["FunctionName"], alias)
        self.assertEqual(permission["SourceArn"], {"Fn::GetAtt": ["UserPool", "Arn"]})

    def test_every_route_but_the_public_ones_asks_who_calls(self):
        for stack in STACKS:
            for route, operation, authorizers in routes(stack):
                with self.subTest(route):
                    expected = [] if route in PUBLIC_ROUTES else [
                        "AWS_IAM" if "/api/ingress" in route else "UserPoolAuthorizer"
                    ]
                    self.assertEqual(authorizers, expected)
                    self.assertEqual(operation["x-amazon-apigateway-integration"]["payloadFormatVersion"], "2.0")

    def test_the_api_is_reached_by_ipv4_and_ipv6(self):
        for stack in STACKS:
            (api,) = stack.of_type("AWS::ApiGatewayV2::Api").values()
            (server,) = api["Body"]["servers"]
            self.assertEqual(server["x-amazon-apigateway-endpoint-configuration"], {"ipAddressType": "dualstack"})

    def test_the_same_origins_may_call_and_come_back_from_the_login(self):
        page = "https://page.example"
        for stack, origins in ((DEFAULT, ["http://127.0.0.1:3000"]), (Stack(SAM, PageOrigin=page), [page])):
            (api,) = stack.of_type("AWS::ApiGatewayV2::Api").values()
            (client,) = stack.of_type("AWS::Cognito::UserPoolClient").values()
            cors = api["Body"]["x-amazon-apigateway-cors"]
            self.assertEqual(cors["allowOrigins"], origins)
            self.assertEqual(stack.with_parameters(client["CallbackURLs"]), origins)
            self.assertEqual(stack.with_parameters(client["LogoutURLs"]), origins)
            self.assertEqual(cors["allowMethods"], ["GET", "POST", "OPTIONS"])
            self.assertEqual(cors["allowHeaders"], ["authorization", "content-type", "idempotency-key"])
            self.assertEqual(cors["exposeHeaders"], ["link", "idempotency-replayed", "retry-after"])


class Web(unittest.TestCase):
    def directives(self):
        (headers,) = DEFAULT.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
        security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
        return dict(part.strip().split(" ", 1) for part in policy.split(";"))

    def test_content_security_policy_is_strict(self):
        directives = self.directives()
        self.assertEqual(directives["default-src"], "'none'")
        self.assertEqual(directives["script-src"], "'self'")
        self.assertEqual(directives["frame-ancestors"], "'none'")
        self.assertNotIn("unsafe", str(directives))
        self.assertNotIn("*", str(directives))

    def test_page_may_talk_to_the_user_pool(self):
        allowed = self.directives()["connect-src"].split()
        login = DEFAULT.outputs["LoginUrl"]["Value"]["Fn::Sub"]
        self.assertEqual(allowed, ["'self'", login])

    def test_api_is_under_the_pages_origin_and_not_cached(self):
        (web,) = DEFAULT.of_type("AWS::CloudFront::Distribution").values()
        (api,) = web["DistributionConfig"]["CacheBehaviors"]
        self.assertEqual(api["PathPattern"], "/api/*")
        self.assertEqual(api["TargetOriginId"], "api")
        self.assertEqual(api["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
        self.assertEqual(api["OriginRequestPolicyId"], "b689b0a8-53d0-40ab-baf2-68738e2966ac")
        self.assertTrue(all(route.split(" ")[1].startswith("/api/") for route, _, _ in routes(DEFAULT)))

    def test_no_error_is_cached(self):
        """Those of CloudFront Developer Guide, "Create a custom error page for specific HTTP status codes"."""
        (web,) = DEFAULT.of_type("AWS::CloudFront::Distribution").values()
        errors = {error.pop("ErrorCode"): error for error in copy.deepcopy(web["DistributionConfig"]["CustomErrorResponses"])}
        self.assertEqual(set(errors), {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504})
        for code, error in errors.items():
            with self.subTest(code):
                self.assertEqual(error, {"ErrorCachingMinTTL": 0}, "and the answer itself passes through")


class Watching(unittest.TestCase):
    def test_every_alarm_notifies_the_topic(self):
        for name, alarm in DEFAULT.of_type("AWS::CloudWatch::Alarm").items():
            with self.subTest(name):
                self.assertEqual(alarm["AlarmActions"], [{"Ref": "AlarmTopic"}])

    def test_operations_says_of_each_alarm_what_to_do(self):
        page = (ROOT / "docs/operations.md").read_text()
        table = re.search(r"^### What can go wrong\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)[1]
        noticing = " ".join(row.split(" | ")[1] for row in table.splitlines() if row.startswith("| "))
        self.assertEqual(set(re.findall(r"`(\w+Alarm)`", noticing)), set(DEFAULT.of_type("AWS::CloudWatch::Alarm")))

    def test_operations_counts_the_metrics_of_the_alarms(self):
        alarms = DEFAULT.of_type("AWS::CloudWatch::Alarm").values()
        count = sum(1 for _ in matches(list(alarms), "MetricName"))
        self.assertIn(f"alarms, {count} metrics at 0.1;", (ROOT / "docs/operations.md").read_text())

    def test_dashboard_shows_the_calls_of_every_function(self):
        (dashboard,) = DEFAULT.of_type("AWS::CloudWatch::Dashboard").values()
        body = re.sub(r"\${(\w+)}", r"\1", dashboard["DashboardBody"]["Fn::Sub"][0].replace("${AWS::Region}", "x"))
        rows = [row for widget in json.loads(body)["widgets"] for row in widget["properties"]["metrics"]]
        named = {item for row in rows for item in row if isinstance(item, str)}
        self.assertLessEqual(set(DEFAULT.of_type("AWS::Lambda::Function")), named)

    def test_access_log_is_json(self):
        (stage,) = DEFAULT.of_type("AWS::ApiGatewayV2::Stage").values()
        log = json.loads(stage["AccessLogSettings"]["Format"])
        # API Gateway Developer Guide, "Customize HTTP API access logs".
        self.assertEqual(log["caller"], "$context.identity.userArn")
        self.assertGreater(stage["DefaultRouteSettings"]["ThrottlingRateLimit"], 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
