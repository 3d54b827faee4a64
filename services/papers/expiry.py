"""A paper can be proved genuine for years, and then is forgotten."""

from services.erasing import erasure_of_rows
from services.papers.models import IssuedPaper
from services.retention import due_before

ERASURES = (
    erasure_of_rows("paper", IssuedPaper.id, over=lambda now: IssuedPaper.issued_at < due_before("paper", now)),
)
