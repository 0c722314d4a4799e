"""Container images: found in rendered objects, spelled whole, compared with lists. Pure."""

from migrate.images.comparing import compare, read_list
from migrate.images.finding import named_in
from migrate.images.gathering import gathered
from migrate.images.spelling import whole

__all__ = ["compare", "gathered", "named_in", "read_list", "whole"]
