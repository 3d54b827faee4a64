"""Why a backup was not made or not restored."""


class BackupError(Exception):
    """One sentence for the operator; what there was before is as it was."""
