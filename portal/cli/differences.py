"""What ``usrati models diff`` prints: who would move from one formula to another."""

from collections.abc import Iterator

from services.households.places import REGIONS
from services.scoring.bulk.rehearsing import ModelDiff, Movement
from services.scoring.display import in_full

NAMES = {place.code: f"{place.code} {place.names['fr']}" for place in REGIONS}


def lines_of(diff: ModelDiff) -> Iterator[str]:
    """Two tables, of the moves and of the programmes; a move is in units of the score."""
    households = diff.whole.households
    left_out = f"; {diff.left_out} left out that cannot be read" if diff.left_out else ""
    yield f"{diff.before} → {diff.after}, as of {diff.on}: {households} households{left_out}"
    yield f"{'':32}{'households':>12}{'up':>12}{'down':>12}{'unmoved':>12}  median move"
    yield _moved("all", diff.whole)
    for code, movement in [*sorted(diff.milieus.items()), *sorted(diff.regions.items())]:
        yield _moved(NAMES.get(code, code), movement)
    yield f"{'at or under the limit of':32}{'before':>12}{'after':>12}{'gain':>12}{'lose':>12}"
    for key, admission in diff.programmes.items():
        numbers = (admission.before, admission.after, admission.gain, admission.lose)
        yield f"{key:32}" + "".join(f"{number:>12}" for number in numbers)


def _moved(name: str, movement: Movement) -> str:
    numbers = (movement.households, movement.up, movement.down, movement.unmoved)
    return f"{name:32}" + "".join(f"{number:>12}" for number in numbers) + f"  {in_full(movement.median_nano):+f}"
