"""template.yaml as CloudFormation sees it: translated by SAM, and its conditions decided."""

import copy
import logging
import os
import pathlib

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
NO_VALUE = {"Ref": "AWS::NoValue"}

# SAM needs a region, and warns about its metrics.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)


def source():
    """template.yaml itself, with the long names of intrinsic functions, such as Fn::Sub."""
    return yaml_parse((ROOT / "template.yaml").read_text())


def translate(sam, parameters=None):
    """What the SAM transform makes of a template whose jars are already in S3."""
    sam = copy.deepcopy(sam)
    for resource in sam["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://code/" + resource["Properties"]["CodeUri"]
    return Translator({}, Parser()).translate(sam, parameters or {})


class Stack:
    """The translation for chosen parameters: only what is then made, with each Fn::If decided."""

    def __init__(self, sam, **parameters):
        self.parameters = {
            name: str(parameters.get(name, parameter.get("Default")))
            for name, parameter in sam["Parameters"].items()
        }
        template = translate(sam, self.parameters)
        self.conditions = template.get("Conditions", {})
        self.resources = {
            name: self._decide({key: member for key, member in resource.items() if key != "Condition"})
            for name, resource in template["Resources"].items()
            if "Condition" not in resource or self._holds(resource["Condition"])
        }
        self.outputs = self._decide(template["Outputs"])

    def of_type(self, resource_type):
        """Properties by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == resource_type
        }

    def number(self, value):
        """A number that stands in the template or comes from a parameter."""
        return int(self.parameters[value["Ref"]] if isinstance(value, dict) else value)

    def template(self):
        """As a template without conditions, its parameters replaced by their values."""
        return {"Resources": self.with_parameters(self.resources)}

    def with_parameters(self, value):
        """A value with each parameter replaced by what was chosen for it."""
        if isinstance(value, dict):
            if value.get("Ref") in self.parameters:
                return self.parameters[value["Ref"]]
            return {key: self.with_parameters(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.with_parameters(item) for item in value]
        if isinstance(value, str):
            for name, text in self.parameters.items():
                value = value.replace("${" + name + "}", text)
        return value

    def with_ssm_values(self, value):
        """A value with each parameter of Systems Manager replaced by what it holds."""
        held = {name: properties["Value"] for name, properties in self.of_type("AWS::SSM::Parameter").items()}
        if isinstance(value, dict):
            name, attribute = value.get("Fn::GetAtt", ("", ""))
            if name in held and attribute == "Value":
                return held[name]
            return {key: self.with_ssm_values(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.with_ssm_values(item) for item in value]
        if isinstance(value, str):
            for name, text in held.items():
                value = value.replace("${" + name + ".Value}", "${" + ".".join(text["Fn::GetAtt"]) + "}")
        return value

    def _holds(self, name):
        return self._true(self.conditions[name])

    def _true(self, rule):
        (function, argument), = rule.items()
        if function == "Fn::Equals":
            left, right = (self.with_parameters(side) for side in argument)
            return left == right
        if function == "Fn::Not":
            return not self._true(argument[0])
        if function == "Fn::And":
            return all(map(self._true, argument))
        if function == "Condition":
            return self._holds(argument)
        raise ValueError(f"{function} is not known here")

    def _decide(self, value):
        if isinstance(value, dict):
            if "Fn::If" in value:
                condition, then, otherwise = value["Fn::If"]
                return self._decide(then if self._holds(condition) else otherwise)
            decided = {key: self._decide(member) for key, member in value.items()}
            return {key: member for key, member in decided.items() if member != NO_VALUE}
        if isinstance(value, list):
            return [item for item in map(self._decide, value) if item != NO_VALUE]
        return value


def references(value):
    """The logical ids that a value refers to, by Ref, Fn::GetAtt, Fn::Sub or DependsOn."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, member in value.items():
        if key == "Ref":
            found.add(member)
        elif key == "Fn::GetAtt":
            found.add((member if isinstance(member, list) else member.split("."))[0])
        elif key == "Fn::Sub":
            text, variables = member if isinstance(member, list) else (member, {})
            found |= {part.split("}")[0].split(".")[0] for part in text.split("${")[1:]} - set(variables)
            found |= references(variables)
        elif key == "DependsOn":
            found |= set(member if isinstance(member, list) else [member])
        else:
            found |= references(member)
    return found


def matches(value, wanted):
    """All dicts within a value that have a member of the wanted name."""
    if isinstance(value, dict):
        if wanted in value:
            yield value
        for member in value.values():
            yield from matches(member, wanted)
    elif isinstance(value, list):
        for item in value:
            yield from matches(item, wanted)
