"""The scripts that a migrated repository gets: `sync-charts.sh`, `validate.sh`, `package-offline.sh`.

They stand alone, with bash and without `migrate`. Here they lie in parts of readable size; `assembly` puts them together.
"""

from migrate.shell_scripts.assembly import SCRIPTS, script_text
from migrate.shell_scripts.created import create_scripts

__all__ = ["SCRIPTS", "create_scripts", "script_text"]
