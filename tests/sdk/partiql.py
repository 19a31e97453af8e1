# SPDX-License-Identifier: Apache-2.0
"""PartiQL calls. In a statement's text, `$t` stands for the quoted name of the table."""

from errors import refused


def text_of(table, statement):
    return statement.replace("$t", f'"{table.name}"')


def execute(table, statement, *parameters, **members):
    """One ExecuteStatement; `parameters` are typed values."""
    if parameters:
        members["Parameters"] = list(parameters)
    return table.client.execute_statement(Statement=text_of(table, statement), **members)


def items(table, statement, *parameters, **members):
    return execute(table, statement, *parameters, **members)["Items"]


def pages(table, statement, *parameters, **members):
    """The pages of a SELECT, following NextToken to the end."""
    while True:
        page = execute(table, statement, *parameters, **members)
        yield page
        if "NextToken" not in page:
            return
        assert page["NextToken"] != members.get("NextToken"), "the same page again and again"
        members["NextToken"] = page["NextToken"]


def batch(table, *statements, **members):
    """One BatchExecuteStatement. Each statement is a text, a tuple of a text and its parameters, or
    a dict of members.
    """
    return table.client.batch_execute_statement(
        Statements=[_member(table, statement) for statement in statements], **members)


def _member(table, statement):
    if isinstance(statement, dict):
        return {**statement, "Statement": text_of(table, statement["Statement"])}
    text, *parameters = (statement,) if isinstance(statement, str) else statement
    member = {"Statement": text_of(table, text)}
    if parameters:
        member["Parameters"] = parameters
    return member


def refuses(table, statement, message, *parameters, code="ValidationException", **members):
    """Expects ExecuteStatement to fail."""
    with refused(code, message) as refusal:
        execute(table, statement, *parameters, **members)
    return refusal
