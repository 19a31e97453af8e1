# SPDX-License-Identifier: Apache-2.0
"""Imitates what Terraform's AWS provider does for a function, its aliases, permissions and event
source mappings, and for a log group: the calls of create, read, update and delete in its order, and
how it reads the answers (hashicorp/terraform-provider-aws, internal/service/lambda/function.go,
alias.go, permission.go and event_source_mapping.go, internal/service/logs/group.go).

A configuration is a dictionary with the resource's arguments. `read` returns a dictionary of the
same form, or None if the resource is gone. A plan shows no drift if and only if the two are equal.
"""

import base64
import hashlib
import json

from terraform import await_state

VERSIONS_A_PAGE = 10000
ACTIVE = ("Active", "ActiveNonInvocable")


def sha256(code):
    return base64.b64encode(hashlib.sha256(code).digest()).decode()


def _changed(old, new, *arguments):
    return any(old[argument] != new[argument] for argument in arguments)


class Resource:
    """A kind of resource. `client` has the calls, and `missing` is the error of what is gone."""

    def __init__(self, client):
        self.client = client
        self.missing = client.exceptions.ResourceNotFoundException

    def _look(self, call, **members):
        """The answer of a call, or None if the resource is gone."""
        try:
            return call(**members)
        except self.missing:
            return None

    def _update_tags(self, arn, old, new):
        """The provider does this for all resources that have tags."""
        removed = sorted(old.keys() - new.keys())
        changed = {key: value for key, value in new.items() if old.get(key) != value}
        if removed:
            self._untag(arn, removed)
        if changed:
            self._tag(arn, changed)


class _LambdaResource(Resource):
    def _untag(self, arn, keys):
        self.client.untag_resource(Resource=arn, TagKeys=keys)

    def _tag(self, arn, tags):
        self.client.tag_resource(Resource=arn, Tags=tags)


class Function(_LambdaResource):
    """aws_lambda_function, with the zip's bytes as `code` in place of a file name."""

    def create(self, config):
        request = {
            "Code": {"ZipFile": config["code"]},
            "Description": config["description"],
            "FunctionName": config["function_name"],
            "MemorySize": config["memory_size"],
            "PackageType": "Zip",
            "Publish": config["publish"],
            "Role": config["role"],
            "Timeout": config["timeout"],
            "Architectures": config["architectures"],
            "EphemeralStorage": {"Size": config["ephemeral_storage"]},
            "Handler": config["handler"],
            "Runtime": config["runtime"],
            "LoggingConfig": config["logging_config"],
            "TracingConfig": {"Mode": config["tracing_config"]},
        }
        if config["tags"]:
            request["Tags"] = config["tags"]
        if config["environment"]:
            request["Environment"] = {"Variables": config["environment"]}
        self.client.create_function(**request)
        name = config["function_name"]
        await_state(lambda: self._find(name)["Configuration"]["State"],
                    lambda state: state in ACTIVE, "function created")
        if config["reserved_concurrent_executions"] >= 0:
            self._put_concurrency(config)

    def _find(self, name):
        return self._look(self.client.get_function, FunctionName=name)

    def read(self, config):
        output = self._find(config["function_name"])
        if output is None:
            return None
        function = output["Configuration"]
        # The provider reads this for code_signing_config_arn, which no configuration here has.
        signing = self.client.get_function_code_signing_config(
            FunctionName=config["function_name"])
        assert "CodeSigningConfigArn" not in signing
        assert output["Code"]["RepositoryType"] == "S3"
        for unused in ("DeadLetterConfig", "FileSystemConfigs", "Layers", "VpcConfig", "KMSKeyArn"):
            assert not function.get(unused), unused
        concurrency = output.get("Concurrency", {})
        return {
            "function_name": function["FunctionName"],
            # The provider keeps the file's hash, which is the one that it shows as code_sha256.
            "code": config["code"] if function["CodeSha256"] == sha256(config["code"]) else None,
            "description": function["Description"],
            "memory_size": function["MemorySize"],
            "publish": config["publish"],
            "role": function["Role"],
            "tags": output.get("Tags", {}),
            "timeout": function["Timeout"],
            "architectures": function["Architectures"],
            "ephemeral_storage": function["EphemeralStorage"]["Size"],
            "handler": function["Handler"],
            "runtime": function["Runtime"],
            "logging_config": function["LoggingConfig"],
            "tracing_config": function["TracingConfig"]["Mode"],
            "environment": function.get("Environment", {}).get("Variables", {}),
            "reserved_concurrent_executions": concurrency.get("ReservedConcurrentExecutions", -1),
        }

    def arn(self, config):
        return self._find(config["function_name"])["Configuration"]["FunctionArn"]

    def latest_version(self, config):
        """The attributes `version` and `qualified_arn`: those of the last version in the list."""
        pages = self.client.get_paginator("list_versions_by_function").paginate(
            FunctionName=config["function_name"], PaginationConfig={"PageSize": VERSIONS_A_PAGE})
        newest = [version for page in pages for version in page["Versions"]][-1]
        return newest["Version"], newest["FunctionArn"]

    def update(self, old, new):
        name = new["function_name"]
        settings = self._settings(old, new)
        if settings:
            self.client.update_function_configuration(FunctionName=name, **settings)
            self._await_updated(name)
        new_code = _changed(old, new, "code", "architectures")
        if new_code:
            request = {"FunctionName": name, "ZipFile": new["code"]}
            if _changed(old, new, "architectures"):
                request["Architectures"] = new["architectures"]
            self.client.update_function_code(**request)
            self._await_updated(name)
        if _changed(old, new, "reserved_concurrent_executions"):
            if new["reserved_concurrent_executions"] >= 0:
                self._put_concurrency(new)
            else:
                self.client.delete_function_concurrency(FunctionName=name)
        if new["publish"] and (settings or new_code or _changed(old, new, "publish")):
            self._publish(name)
        self._update_tags(self.arn(new), old["tags"], new["tags"])

    @staticmethod
    def _settings(old, new):
        members = {
            "description": ("Description", lambda value: value),
            "environment": ("Environment", lambda value: {"Variables": value}),
            "ephemeral_storage": ("EphemeralStorage", lambda value: {"Size": value}),
            "handler": ("Handler", lambda value: value),
            "logging_config": ("LoggingConfig", lambda value: value),
            "memory_size": ("MemorySize", lambda value: value),
            "role": ("Role", lambda value: value),
            "runtime": ("Runtime", lambda value: value),
            "timeout": ("Timeout", lambda value: value),
            "tracing_config": ("TracingConfig", lambda value: {"Mode": value}),
        }
        return {member: convert(new[argument])
                for argument, (member, convert) in members.items() if _changed(old, new, argument)}

    def _put_concurrency(self, config):
        self.client.put_function_concurrency(
            FunctionName=config["function_name"],
            ReservedConcurrentExecutions=config["reserved_concurrent_executions"])

    def _publish(self, name):
        published = self.client.publish_version(FunctionName=name)
        # The provider gives the ARN of the version as the name, and the version once more.
        await_state(
            lambda: self.client.get_function_configuration(
                FunctionName=published["FunctionArn"], Qualifier=published["Version"]),
            lambda version: version.get("LastUpdateStatus") == "Successful", "version published")

    def _await_updated(self, name):
        await_state(lambda: self._find(name)["Configuration"]["LastUpdateStatus"],
                    lambda status: status == "Successful", "function updated")

    def destroy(self, config):
        name = config["function_name"]
        self.client.delete_function(FunctionName=name)
        await_state(lambda: self._find(name), lambda found: found is None, "function deleted")


class Alias(_LambdaResource):
    """aws_lambda_alias, with `weights` for routing_config."""

    def _request(self, config):
        return {
            "Description": config["description"],
            "FunctionName": config["function_name"],
            "FunctionVersion": config["function_version"],
            "Name": config["name"],
            "RoutingConfig": (
                {"AdditionalVersionWeights": config["weights"]} if config["weights"] else {}),
        }

    def create(self, config):
        self.client.create_alias(**self._request(config))

    def read(self, config):
        alias = self._look(
            self.client.get_alias, FunctionName=config["function_name"], Name=config["name"])
        if alias is None:
            return None
        assert alias["AliasArn"].endswith(f":{config['function_name']}:{config['name']}")
        return {
            "description": alias["Description"],
            "function_name": config["function_name"],
            "function_version": alias["FunctionVersion"],
            "name": alias["Name"],
            "weights": alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}),
        }

    def update(self, old, new):
        self.client.update_alias(**self._request(new))
        if not new["weights"]:
            await_state(lambda: self.read(new)["weights"], lambda left: not left, "weights cleared")

    def destroy(self, config):
        self.client.delete_alias(FunctionName=config["function_name"], Name=config["name"])


class Permission(_LambdaResource):
    """aws_lambda_permission. It has no update: each change makes a new one."""

    def create(self, config):
        members = {
            "Action": config["action"],
            "FunctionName": config["function_name"],
            "Principal": config["principal"],
            "StatementId": config["statement_id"],
            "Qualifier": config["qualifier"],
            "SourceAccount": config["source_account"],
            "SourceArn": config["source_arn"],
        }
        self.client.add_permission(**{name: value for name, value in members.items() if value})

    def read(self, config):
        qualifier = {"Qualifier": config["qualifier"]} if config["qualifier"] else {}
        output = self._look(
            self.client.get_policy, FunctionName=config["function_name"], **qualifier)
        if output is None:
            return None
        found = [statement for statement in json.loads(output["Policy"])["Statement"]
                 if statement["Sid"] == config["statement_id"]]
        if not found:
            return None
        principal, condition = found[0]["Principal"], found[0].get("Condition", {})
        if isinstance(principal, dict):
            principal = principal.get("AWS", principal.get("Service"))
        # arn:aws:lambda:REGION:ACCOUNT:function:NAME, and perhaps :QUALIFIER
        arn = found[0]["Resource"].split(":")
        return {
            "action": found[0]["Action"],
            "function_name": arn[6],
            "principal": principal,
            "statement_id": found[0]["Sid"],
            "qualifier": arn[7] if len(arn) > 7 else "",
            "source_account": condition.get("StringEquals", {}).get("AWS:SourceAccount", ""),
            "source_arn": condition.get("ArnLike", {}).get("AWS:SourceArn", ""),
        }

    def update(self, old, new):
        self.destroy(old)
        self.create(new)

    def destroy(self, config):
        qualifier = {"Qualifier": config["qualifier"]} if config["qualifier"] else {}
        self.client.remove_permission(
            FunctionName=config["function_name"], StatementId=config["statement_id"], **qualifier)
        await_state(lambda: self.read(config), lambda found: found is None, "permission removed")


class Mapping(_LambdaResource):
    """aws_lambda_event_source_mapping, with `filters` for the patterns of filter_criteria."""

    # By argument: the member with the same value.
    PLAIN = {
        "batch_size": "BatchSize",
        "bisect_batch_on_function_error": "BisectBatchOnFunctionError",
        "function_response_types": "FunctionResponseTypes",
        "maximum_batching_window_in_seconds": "MaximumBatchingWindowInSeconds",
        "maximum_record_age_in_seconds": "MaximumRecordAgeInSeconds",
        "maximum_retry_attempts": "MaximumRetryAttempts",
        "parallelization_factor": "ParallelizationFactor",
    }

    def __init__(self, client):
        super().__init__(client)
        self.uuid = None

    @staticmethod
    def _criteria(config):
        return {"Filters": [{"Pattern": pattern} for pattern in config["filters"]]}

    def create(self, config):
        request = {member: config[argument] for argument, member in self.PLAIN.items()}
        if config["filters"]:
            request["FilterCriteria"] = self._criteria(config)
        if config["tags"]:
            request["Tags"] = config["tags"]
        output = self.client.create_event_source_mapping(
            Enabled=config["enabled"], EventSourceArn=config["event_source_arn"],
            FunctionName=config["function_name"], StartingPosition=config["starting_position"],
            **request)
        self.uuid = output["UUID"]
        self._await_settled(("Creating", "Disabling", "Enabling"))

    def _find(self):
        return self._look(self.client.get_event_source_mapping, UUID=self.uuid)

    def _await_settled(self, pending):
        state = await_state(
            lambda: self._find()["State"], lambda state: state not in pending, "mapping settled")
        assert state in ("Enabled", "Disabled")

    def read(self, config):
        output = self._find()
        if output is None:
            return None
        for unused in ("KMSKeyArn", "Queues", "ScalingConfig", "Topics", "TumblingWindowInSeconds"):
            assert not output.get(unused), unused
        # The provider passes over a block without a destination.
        assert not output["DestinationConfig"]["OnFailure"]
        assert output["StateTransitionReason"]
        arn = output["EventSourceMappingArn"]
        name, function = config["function_name"], output["FunctionArn"]
        prefix = arn[:arn.index(":event-source-mapping:")] + ":function:"
        filters = output.get("FilterCriteria", {}).get("Filters", [])
        return {
            **{argument: output[member] for argument, member in self.PLAIN.items()},
            "enabled": output["State"] in ("Enabled", "Enabling"),
            "event_source_arn": output["EventSourceArn"],
            # A name and its ARN are the same to the provider.
            "function_name": name if function in (name, f"{prefix}{name}") else function,
            "filters": [one["Pattern"] for one in filters],
            "starting_position": output["StartingPosition"],
            "tags": self.client.list_tags(Resource=arn)["Tags"],
        }

    def update(self, old, new):
        request = {member: new[argument] for argument, member in self.PLAIN.items()
                   if _changed(old, new, argument)}
        if _changed(old, new, "enabled"):
            request["Enabled"] = new["enabled"]
        if _changed(old, new, "filters"):
            request["FilterCriteria"] = self._criteria(new) if new["filters"] else {}
        if _changed(old, new, "function_name"):
            request["FunctionName"] = new["function_name"]
        output = self.client.update_event_source_mapping(UUID=self.uuid, **request)
        self._await_settled(("Disabling", "Enabling", "Updating"))
        self._update_tags(output["EventSourceMappingArn"], old["tags"], new["tags"])

    def destroy(self, config):
        self.client.delete_event_source_mapping(UUID=self.uuid)
        await_state(self._find, lambda found: found is None, "mapping deleted")


class LogGroup(Resource):
    """aws_cloudwatch_log_group. A retention of 0 days is for ever."""

    def create(self, config):
        tags = {"tags": config["tags"]} if config["tags"] else {}
        self.client.create_log_group(
            logGroupClass=config["log_group_class"], logGroupName=config["name"], **tags)
        if config["retention_in_days"]:
            self._put_retention(config)

    def _find(self, name):
        pages = self.client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
        found = [group for page in pages for group in page["logGroups"]
                 if group["logGroupName"] == name]
        return found[0] if found else None

    @staticmethod
    def _arn(group):
        return group["arn"].removesuffix(":*")

    def read(self, config):
        group = self._find(config["name"])
        if group is None:
            return None
        tags = self.client.list_tags_for_resource(resourceArn=self._arn(group))["tags"]
        return {
            "name": group["logGroupName"],
            "log_group_class": group["logGroupClass"],
            "retention_in_days": group.get("retentionInDays", 0),
            "tags": tags,
        }

    def _put_retention(self, config):
        self.client.put_retention_policy(
            logGroupName=config["name"], retentionInDays=config["retention_in_days"])

    def update(self, old, new):
        if _changed(old, new, "retention_in_days"):
            if new["retention_in_days"]:
                self._put_retention(new)
            else:
                self.client.delete_retention_policy(logGroupName=new["name"])
        self._update_tags(self._arn(self._find(new["name"])), old["tags"], new["tags"])

    def _untag(self, arn, keys):
        self.client.untag_resource(resourceArn=arn, tagKeys=keys)

    def _tag(self, arn, tags):
        self.client.tag_resource(resourceArn=arn, tags=tags)

    def destroy(self, config):
        self.client.delete_log_group(logGroupName=config["name"])
