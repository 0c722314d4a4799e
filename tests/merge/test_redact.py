from __future__ import annotations

import pytest

from migrate.merge.redact import Redaction


@pytest.mark.parametrize(
    "text",
    [
        "image: harbor.example.org/app:1.2.3",
        "replicas: 3",
        "monkey: banana",
        "url: https://example.org/path",
        "digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "- name: MODE\n  value: fast",
        "",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert "\n".join(Redaction().lines(text.encode())) == text


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter",
        "dbPassword: two hunter",
        'ADMIN_TOKEN="hunter"',
        "export API_KEY=hunter",
        "x: {user: a, password: hunter}",
        '{"clientSecret": "hunter"}',
        "helm upgrade --password hunter --wait",
        "url: https://user:hunter@example.org/",
        "tls:\n  private_key: |\n    hunter\n\n    hunter",
        "secrets:\n- hunter\n- hunter",
        "- name: DB_PASSWORD\n  value: hunter",
        "- name: DB_PASSWORD\n  # why\n  value: hunter",
        "x: |\n  -----BEGIN CERTIFICATE-----\n  hunter\n  -----END CERTIFICATE-----",
        "kind: Secret\ndata:\n  any: hunter\n",
        "# password: hunter",
        "value: hunterHUNTER1234567890abcdef",
    ],
)
def test_what_may_be_a_secret_is_hidden(text: str) -> None:
    shown = "\n".join(Redaction().lines(text.encode()))
    assert "hunter" not in shown
    assert "<hidden 1>" in shown
    assert shown.count("\n") == text.count("\n")


def test_equal_values_have_equal_numbers_over_several_texts() -> None:
    redaction = Redaction()
    assert redaction.lines(b"password: a") == redaction.lines(b"password: a")
    assert redaction.lines(b"password: a") != redaction.lines(b"password: b")
