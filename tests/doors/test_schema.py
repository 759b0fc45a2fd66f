"""Requests made from the OpenAPI description, well formed and not: no answer is a server error, and every
answer is of the shape that is described."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from searchapp.web.app import create_app
from tests.doors.conftest import HOST

EXAMPLES = 12  # well-formed requests of each operation, and as many malformed ones
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
OPERATIONS = [
    (method, path, form)
    for path, operations in create_app("nowhere").openapi()["paths"].items()
    for method, operation in operations.items()
    for form in GenerationMode
    # what takes no value can't be asked for wrongly
    if form is GenerationMode.POSITIVE or "parameters" in operation or "requestBody" in operation
]


@pytest.fixture(scope="module")
def described(client: TestClient) -> Iterator[schemathesis.BaseSchema]:
    yield schemathesis.openapi.from_asgi("/openapi.json", client.app, headers={"host": "localhost"})


@pytest.mark.parametrize(("method", "path", "form"), OPERATIONS, ids=str)
def test_no_request_is_a_server_error(
    described: schemathesis.BaseSchema, method: str, path: str, form: GenerationMode
) -> None:
    operation = described[path][method]

    @given(case=operation.as_strategy(generation_mode=form))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(base_url=HOST, headers={"host": "localhost"}, checks=CHECKS)

    ask()
