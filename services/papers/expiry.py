"""A paper can be proved genuine for years, and then is forgotten; so is what a statement said."""

from services.erasing import erasure_of_rows
from services.papers.models import IssuedPaper, ScoreStatement
from services.retention import due_before

ERASURES = (
    erasure_of_rows("paper", IssuedPaper.id, over=lambda now: IssuedPaper.issued_at < due_before("paper", now)),
    erasure_of_rows(
        "statement", ScoreStatement.id, over=lambda now: ScoreStatement.issued_at < due_before("statement", now)
    ),
)
