"""The images of a commit as JSON."""

from __future__ import annotations

from typing import Any

from migrate.model.images import Image, ImageReport
from migrate.model.json_text import json_text

SCHEMA = "migrate/images/1"


def images_json(report: ImageReport) -> str:
    """Sorted JSON with a final newline."""
    document = {
        "schema": SCHEMA,
        "commit": report.commit,
        "state": report.state,
        "images": [_image(image) for image in report.images],
        "unrendered": [
            {"environment": cell.environment, "release": str(cell.release), "cause": cause} for cell, cause in report.unrendered
        ],
        "missing": list(report.missing),
        "lists": [
            {
                "path": each.path,
                "listed": each.listed,
                "surplus": list(each.surplus),
                "otherTag": {name: list(listed) for name, listed in each.other_tag},
                "unreadLines": list(each.unread),
            }
            for each in report.lists
        ],
        "offlineRegistry": report.registry_setting,
        "bypassing": [_image(image) for image in report.bypassing],
    }
    return json_text(document, indent=2) + "\n"


def _image(image: Image) -> dict[str, Any]:
    return {
        "name": image.name,
        "texts": list(image.texts),
        "places": [str(place) for place in image.places],
        "uses": [
            {
                "environment": cell.environment,
                "release": str(cell.release),
                "object": named.subject,
                "where": named.where,
                "text": named.text,
            }
            for cell, named in image.uses
        ],
    }
