# SPDX-License-Identifier: MIT
"""Holds the answers of a running registry against its OpenAPI document, strictly: a status, a header, a media type or a member
that the document does not name is a fault."""

import json
import re
from datetime import datetime

import jsonschema

# What any answer may carry beside what the document names.
GENERAL_HEADERS = {"date", "server", "connection", "content-type", "content-length", "content-encoding", "transfer-encoding", "vary",
                   "cache-control", "last-modified", "expires", "x-content-type-options", "content-security-policy", "strict-transport-security"}

formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_date_time(value):
    return not isinstance(value, str) or bool(datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo)


class Interface:
    """A document; `answered` collects each (operationId, status) that an answer was held against, `sent` each example of a
    request that was sent, `details` the members of `details` that came with each error code."""

    def __init__(self, document):
        self.document = document
        self.resolver = jsonschema.RefResolver.from_schema(document)
        self.operations = {operation["operationId"]: (method.upper(), path, operation)
                           for path, item in document["paths"].items() for method, operation in item.items()}
        self.answered, self.sent, self.details = set(), set(), {}

    def resolved(self, thing):
        while "$ref" in thing:
            thing = self.resolver.resolve(thing["$ref"])[1]
        return thing

    def validate(self, schema, value, where):
        validator = jsonschema.Draft202012Validator(schema, resolver=self.resolver, format_checker=formats)
        for error in sorted(validator.iter_errors(value), key=lambda one: list(one.absolute_path)):
            place = "/".join(map(str, error.absolute_path))
            raise AssertionError(f"{where}: at '{place}': {error.message[:400]}")

    def examples_of(self, media):
        """Name and value of each example of a media type, parameter or header."""
        if "example" in media:
            yield "", media["example"]
        for name, example in media.get("examples", {}).items():
            yield name, self.resolved(example)["value"]

    def body_example(self, operation_id, name="", media="application/json"):
        """The document's own example of a request's body; it counts as sent."""
        content = self.operations[operation_id][2]["requestBody"]["content"]
        self.sent.add((operation_id, name))
        return dict(self.examples_of(content[media]))[name]

    def body_examples(self):
        return {(operation_id, name) for operation_id, (_, _, operation) in self.operations.items()
                for media in operation.get("requestBody", {}).get("content", {}).values() for name, _ in self.examples_of(media)}

    def documented(self):
        return {(operation_id, int(status)) for operation_id, (_, _, operation) in self.operations.items() for status in operation["responses"]}

    def target(self, operation_id, values):
        return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], self.operations[operation_id][1])

    # --- answers ---
    def check(self, operation_id, answer):
        responses = self.operations[operation_id][2]["responses"]
        where = f"{operation_id}, {answer.status}"
        if str(answer.status) not in responses:
            raise AssertionError(f"{where}: the status is not documented: {answer}")
        self.check_response(self.resolved(responses[str(answer.status)]), answer, where)
        self.answered.add((operation_id, answer.status))
        return answer

    def check_response(self, response, answer, where):
        self.check_headers(response.get("headers", {}), answer.headers, where)
        content = response.get("content")
        if not content:
            if answer.body:
                raise AssertionError(f"{where}: the document has no body here: {answer}")
            return
        media = answer.headers["content-type"].partition(";")[0]
        if media not in content:
            raise AssertionError(f"{where}: the media type '{media}' is not documented")
        if media == "application/json":
            body = answer.json()
            self.validate(content[media]["schema"], body, where)
            if answer.status >= 400 and "request_id" in body:
                self.details.setdefault(body["error"], set()).add(frozenset(body["details"] or ()))
                if body["request_id"] != answer.headers["x-request-id"]:
                    raise AssertionError(f"{where}: the body's request_id is not the header's")

    def check_headers(self, headers, sent, where):
        for name, header in headers.items():
            header = self.resolved(header)
            if name.lower() not in sent:
                if header.get("required"):
                    raise AssertionError(f"{where}: the header '{name}' is not there")
                continue
            self.validate(header["schema"], sent[name.lower()], f"{where}, {name}")
        unknown = set(sent) - GENERAL_HEADERS - {name.lower() for name in headers}
        if unknown:
            raise AssertionError(f"{where}: headers that the document does not name: {sorted(unknown)}")

    def untrue_error_examples(self):
        """Codes that came, but never with the details of their example."""
        examples = self.document["components"]["examples"]
        return sorted(code for code, seen in self.details.items() if frozenset(examples[code]["value"]["details"] or ()) not in seen)

    # --- the document by itself ---
    def check_examples(self):
        """Every example fits its schema, and whatever should have an example has one; returns how many there are."""
        count = 0
        for where, thing in self.with_schemas(self.document, "#"):
            examples = list(self.examples_of(thing))
            if not examples and not where.endswith("multipart~1form-data") and "/headers/" not in where.rpartition("/components/")[2]:
                raise AssertionError(f"{where} has no example")
            for name, value in examples:
                self.validate(thing["schema"], value, f"{where} {name}")
                count += 1
        for name, schema in self.document["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
            for value in schema.get("examples", []):
                self.validate(schema, value, name)
                count += 1
        return count

    def with_schemas(self, thing, where):
        """Media types, parameters and headers: whatever has a schema beside its examples."""
        if isinstance(thing, list):
            for index, item in enumerate(thing):
                yield from self.with_schemas(item, f"{where}/{index}")
        elif isinstance(thing, dict):
            if isinstance(thing.get("schema"), dict):
                yield where, thing
            for key, item in thing.items():
                if key not in ("schema", "example", "examples"):
                    yield from self.with_schemas(item, f"{where}/{key.replace('/', '~1')}")

    def __str__(self):
        return json.dumps(self.document)
