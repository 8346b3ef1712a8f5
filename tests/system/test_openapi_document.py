# SPDX-License-Identifier: MIT
"""The OpenAPI document by itself: it is held against OpenAPI's own schema, its examples against its schemas, and what it says of
all calls together against a running registry."""

import json
import re
import shutil
import subprocess
import unittest

try:
    import jsonschema  # noqa: F401
except ImportError:
    raise unittest.SkipTest("python3-jsonschema is not installed for this python3") from None

from support.openapi import Interface
from support.wharf import ROOT, Wharf

BASES = ("/api/v1", "/synapse/api/v1", "/raven/api/v1", "/vais", "/vais/api/v1", "")


def setUpModule():
    global wharf, api
    wharf = Wharf().start()
    api = Interface(wharf.get("/api/v1/openapi.json").json())


def tearDownModule():
    wharf.close()


class DocumentTest(unittest.TestCase):
    def test_every_example_fits_its_schema(self):
        self.assertGreater(api.check_examples(), 100)

    def test_a_wrong_example_or_answer_is_noticed(self):
        package = next(iter(api.examples_of(api.operations["getPackage"][2]["responses"]["200"]["content"]["application/json"])))[1]
        schema = {"$ref": "#/components/schemas/Package"}
        api.validate(schema, package, "as it is")
        for broken in ({**package, "more": 1}, {key: value for key, value in package.items() if key != "license"}, {**package, "created_at": "yesterday"},
                       {**package, "versions": [{**package["versions"][0], "checksum": "ABC"}]}):
            with self.assertRaises(AssertionError):
                api.validate(schema, broken, "broken")

    def test_answers_are_closed(self):
        """No schema of an answer lets a member pass that it does not name; maps say what their members are."""
        for operation_id, (_, _, operation) in api.operations.items():
            for status, response in operation["responses"].items():
                media = api.resolved(response).get("content", {}).get("application/json")
                if media and operation_id != "getOpenapi":
                    self.closed(media["schema"], f"{operation_id} {status}", set())

    def closed(self, schema, where, seen):
        if "$ref" in schema:
            if schema["$ref"] in seen:
                return
            seen.add(schema["$ref"])
        schema = api.resolved(schema)
        if "properties" in schema and schema.get("type") == "object":
            self.assertIs(False, schema.get("additionalProperties"), f"{where}: {schema}")
            self.assertEqual(set(schema["properties"]), set(schema["required"]), where)
        for key in ("anyOf", "oneOf", "allOf"):
            for inner in schema.get(key, []):
                self.closed(inner, where, seen)
        for inner in [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]:
            if isinstance(inner, dict):
                self.closed(inner, where, seen)

    def test_the_same_document_answers_below_every_base(self):
        answers = [wharf.get(f"{base}/openapi.json") for base in BASES]
        self.assertEqual({200}, {answer.status for answer in answers})
        self.assertEqual(1, len({answer.body for answer in answers}))
        first = answers[0]
        self.assertEqual("public, max-age=300", first.headers["cache-control"])
        self.assertEqual(f"{wharf.url}/api/v1", first.json()["servers"][0]["url"])
        again = wharf.get("/vais/openapi.json", headers={"If-None-Match": first.headers["etag"]})
        self.assertEqual((304, b""), (again.status, again.body))
        self.assertEqual((200, b""), ((head := wharf.request("HEAD", "/api/v1/openapi.json")).status, head.body))

    def test_the_methods_of_each_path_are_those_that_it_allows(self):
        wrong = api.resolved({"$ref": "#/components/responses/MethodNotAllowed"})
        for path, item in api.document["paths"].items():
            target = "/api/v1" + re.sub(r"\{\w+\}", "1.0.0", path)
            methods = {method.upper() for method in item} | ({"HEAD"} if "get" in item else set()) | {"OPTIONS"}
            allowed = wharf.request("OPTIONS", target)
            self.assertEqual((204, methods), (allowed.status, set(allowed.headers["allow"].split(", "))), path)
            refused = wharf.request("PATCH", target)
            self.assertEqual((405, allowed.headers["allow"]), (refused.status, refused.headers["allow"]), path)
            api.check_response(wrong, refused, f"PATCH {path}")

    def test_headers_that_are_too_large_are_refused_as_documented(self):
        answer = wharf.get("/api/v1/stats", headers={"X-Much": "y" * 17000})
        self.assertEqual(431, answer.status)
        api.check_response(api.resolved({"$ref": "#/components/responses/HeadersTooLarge"}), answer, "431")

    def test_it_is_valid_openapi(self):
        """By a validator that has OpenAPI's own schema; Debian has none for 3.1, so it comes from npm."""
        if not shutil.which("npm"):
            self.skipTest("npm is not installed, with which the validator comes")
        place = ROOT / "build/openapi-validator"
        place.mkdir(parents=True, exist_ok=True)
        if not (place / "node_modules/@seriousme/openapi-schema-validator").exists():
            fetched = subprocess.run(["npm", "install", "--prefix", str(place), "--no-audit", "--no-fund", "--no-save", "@seriousme/openapi-schema-validator@2"],
                                     text=True, capture_output=True, timeout=180, stdin=subprocess.DEVNULL)
            if fetched.returncode != 0:
                self.skipTest(f"npm cannot fetch the validator: {fetched.stderr.strip().splitlines()[-1:]}")
        script = ("import {Validator} from '@seriousme/openapi-schema-validator'; import {readFileSync} from 'fs';"
                  "const validator = new Validator(); const result = await validator.validate(JSON.parse(readFileSync(process.argv[2])));"
                  "console.log(JSON.stringify({version: validator.version, ...result}))")
        (place / "validate.mjs").write_text(script)

        def judged(document):
            (place / "document.json").write_text(json.dumps(document))
            done = subprocess.run(["node", "validate.mjs", "document.json"], cwd=place, text=True, capture_output=True, timeout=60, check=True)
            return json.loads(done.stdout)

        verdict = judged(api.document)
        self.assertEqual((True, "3.1"), (verdict["valid"], verdict["version"]), verdict)
        self.assertFalse(judged({**api.document, "paths": {"no-slash": 1}})["valid"], "the validator lets anything pass")

if __name__ == "__main__":
    unittest.main()
