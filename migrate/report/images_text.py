"""The images of a commit as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from migrate.model.images import Image, ImageReport, ListComparison, Place

ARTICLES = {
    Place.CONTAINER: "the image of a container",
    Place.CUSTOM: "`image` in a custom resource, whose controller may make something else of it",
    Place.ARGUMENT: "a word of a command or a variable of a container",
}


def images_text(report: ImageReport, *, verbose: bool) -> str:
    """Who names which image, what could not be rendered, how the lists compare, what bypasses the offline registry."""
    return "\n".join(_lines(report, verbose=verbose)) + "\n"


def image_list(report: ImageReport) -> str:
    """Whole names, sorted, one a line: the list that a package takes along."""
    return "".join(f"{image.name}\n" for image in report.images)


def _lines(report: ImageReport, *, verbose: bool) -> Iterator[str]:
    yield f"{len(report.images)} images, of {report.state} at {report.commit[:12]}"
    for place in Place:
        images = [image for image in report.images if image.places[0] is place]
        if images:
            yield from ("", f"named as {ARTICLES[place]} ({len(images)}):")
            yield from (line for image in images for line in _image(image, verbose=verbose))
    if report.unrendered:
        yield from ("", f"not rendered, so what these {len(report.unrendered)} cells name may be missing above:")
        yield from (f"  {cell}: {cause}" for cell, cause in report.unrendered)
    if report.missing:
        yield from ("", f"in none of the {len(report.lists)} lists that the repository keeps ({len(report.missing)}):")
        yield from (f"  {name}" for name in report.missing)
    for comparison in report.lists:
        yield from _comparison(comparison)
    if not report.lists:
        yield from ("", "the repository keeps no image list (--list names one)")
    yield from _registry(report, verbose=verbose)


def _image(image: Image, *, verbose: bool) -> Iterator[str]:
    environments = dict.fromkeys(cell.environment for cell, _ in image.uses)
    releases = dict.fromkeys(str(cell.release) for cell, _ in image.uses)
    yield f"  {image.name}  {', '.join(releases)} ({', '.join(environments)})"
    if verbose:
        yield from dict.fromkeys(f"      {named.subject} {named.where}: {named.text}" for _, named in image.uses)


def _comparison(comparison: ListComparison) -> Iterator[str]:
    yield from ("", f"{comparison.path}: {comparison.listed} images")
    yield from _other_tags(comparison)
    yield from (f"  surplus    {name}" for name in comparison.surplus)
    yield from (f"  line {line} names no image" for line in comparison.unread)
    if not (comparison.other_tag or comparison.surplus or comparison.unread):
        yield "  agrees"


def _other_tags(comparison: ListComparison) -> Iterator[str]:
    """One line for each repository of images: which of its tags are rendered and not listed, and which are listed."""
    rendered: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, listed in comparison.other_tag:
        rendered[listed].append(name)
    for listed, names in rendered.items():
        yield f"  other tag  {', '.join([names[0], *map(_tag, names[1:])])}; listed: {', '.join(map(_tag, listed))}"


def _tag(name: str) -> str:
    """What a whole name has behind its repository: a tag, a digest or both."""
    last = name.rpartition("/")[2]
    at = min((found for found in (last.find(":"), last.find("@")) if found >= 0), default=len(last))
    return last[at:].removeprefix(":")


def _registry(report: ImageReport, *, verbose: bool) -> Iterator[str]:
    if not report.registry_setting:
        yield from ("", "no offline registry is known: `offlineRegistry` in migrate.yaml names its state value")
        return
    yield from ("", f"not taken from the offline registry when {report.registry_setting} is set ({len(report.bypassing)}):")
    yield from (line for image in report.bypassing for line in _image(image, verbose=verbose))
