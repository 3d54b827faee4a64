"""Everything that the statement of a score says, in the language of the page."""

from collections.abc import Iterator
from typing import Any

from portal.citizen.confirmations import limit_words, name_of
from portal.citizen.standing import SCALE_WIDTH, formula_words, standing_of
from portal.formatting import decimal, for_text, signed_thousandths, thousandths
from portal.languages import current_language, plain
from portal.printing import typed_address, words_of_paper
from services.households.questionnaire import RELATION
from services.messages import N_, Words
from services.papers.issuing import Paper
from services.papers.kinds import STATEMENT
from services.papers.printed import write_facts
from services.papers.statements import Contents, Statement
from services.scoring.compute import scoring_day
from services.scoring.display import in_full
from services.scoring.explain import Effect, ExplainedLine, Explanation, explain

HEAD, PEOPLE = N_("Head of the household"), N_("People in the household")
COMPUTED, EFFECT = N_("Score as of"), N_("Counts for programmes from")
BETTER = N_("The smaller the score, the higher the priority. In full: %(score)s.")
SAID = {
    "title": STATEMENT.words,
    "score_title": N_("The score of your household"),
    "people_title": N_("Who is in the household"),
    "number_label": N_("Identity number, partly hidden"),
    "lines_title": N_("Every line of the score"),
    "contest_title": N_("If something is wrong"),
    "contest": N_(
        "Call the help line or go to any counter: somebody looks at it with you, free of charge. "
        "You find every line of your score, and what you declared, at the address below."
    ),
    "unofficial": N_("This paper is not an official decision of any government."),
    "facts_label": N_("What was signed, for checking without a network:"),
    "keys_label": N_("The public keys:"),
}
DECLARED = N_(
    "From what you declared on %(day)s. The population register confirmed each person; ages are those on %(on)s. "
    "Each number says how far its line moves the score: "
    "added together, they make exactly the score."
)
TOGETHER = N_("Together: %(score)s")


def words_of(mine: Statement, paper: Paper, contents: Contents) -> dict[str, Any]:
    """What is printed, as the template of the paper takes it."""
    stored, told = mine.stored, explain(contents.result)
    standing = standing_of(stored.total_nano, contents.limits)
    said = {
        **SAID,
        "better": Words(BETTER, {"score": in_full(stored.total_nano)}),
        "declared": Words(DECLARED, {"day": scoring_day(stored.declared_at), "on": stored.on}),
        "together": Words(TOGETHER, {"score": thousandths(told.thousandths)}),
        "model": formula_words(stored.model, official=contents.result.official),
    }
    assert mine.facts is not None
    return {
        **words_of_paper(paper, said),
        "facts": facts_of(mine, contents),
        "score": decimal(standing.score),
        "place": standing.place / SCALE_WIDTH,
        "limits": [limit_words(one) for one in standing.limits],
        "people": list(people_of(contents)),
        "themes": list(themes_of(told)),
        "signed": write_facts(STATEMENT.printed, mine.facts).split(" "),
        "contest_address": typed_address("score"),
    }


def facts_of(mine: Statement, contents: Contents) -> list[tuple[str, str]]:
    """Whose household, how many, as of when, and from when it counts."""
    code, stored = current_language().code, mine.stored
    facts = (
        (HEAD, name_of(contents.head.card.name)),
        (PEOPLE, str(len(contents.people))),
        (COMPUTED, stored.on),
        (EFFECT, stored.takes_effect_on),
    )
    return [(plain(label, code), for_text(value, code)) for label, value in facts]


def people_of(contents: Contents) -> Iterator[tuple[str, str, str]]:
    """Each member: name, what he is to the head, masked number."""
    code = current_language().code
    for person in contents.people:
        relation = plain(RELATION.by_value[person.relation].label, code)
        yield name_of(person.card.name), relation, person.card.masked_idcs


def themes_of(told: Explanation) -> Iterator[dict[str, Any]]:
    """The lines theme by theme, those that move the score first."""
    code = current_language().code
    for theme in told.themes:
        lines = [_line(line, code) for line in (*theme.moving, *theme.silent)]
        yield {"title": plain(theme.title, code), "lines": lines}


def _line(line: ExplainedLine, code: str) -> dict[str, Any]:
    # What every household starts from has no sign: it moves nothing.
    start = line.effect is Effect.START
    moves = thousandths(line.thousandths) if start else signed_thousandths(line.thousandths)
    note = plain(line.effect_words, code) if line.effect in (Effect.START, Effect.UNKNOWN) else ""
    return {"words": plain(line.words, code), "moves": moves, "note": note, "counts": line.counts}
