"""The declaration as one document: made of the answers given, in the shape of domain §5."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NotRequired, Protocol, TypedDict, cast
from uuid import UUID

from services.errors import StateConflict
from services.households.document_faults import Fault, faults_of
from services.households.flow import Answers, Flow, FlowState
from services.households.questionnaire import QUESTIONNAIRE, Question
from services.households.questionnaire.unasked import value_unasked
from services.population.birth_dates import BirthDate

__all__ = ["Document", "Fault", "MemberEntry", "aids_of", "assemble", "faults_of", "split_personal"]

BILLS = tuple(f"water_electricity_{number}" for number in (1, 2, 3))


class MemberEntry(TypedDict):
    """One member in a document. ``person`` is the random id that stands for the IDCS in ours."""

    person: NotRequired[str]
    idcs: NotRequired[str]
    relation: str
    sex: str
    birth_date: str
    education: str
    literate: bool
    schooling: str
    school_level: str
    activity: str
    occupation: str
    health_cover: str
    severe_disability: bool
    father_deceased: bool
    mother_deceased: bool


class Document(TypedDict):
    """A declaration without faults. Amounts are whole dirhams a month."""

    milieu: str
    region: str
    province: str
    commune: NotRequired[str]
    address: NotRequired[str]
    nuclei: int
    dwelling: str
    tenure: str
    rooms: int
    has_bath: bool
    electricity: str
    water: str
    garage: bool
    second_home: bool
    business_premises: bool
    non_agricultural_land: bool
    irrigated_land: bool
    cows: int
    computers: int
    satellite_dish: bool
    landline: bool
    mobile_phones: int
    cars: int
    motorbikes: int
    loan: bool
    butane_monthly: int
    water_electricity: list[int]
    telecom_monthly: int
    members: list[MemberEntry]


class DeclaredMember(Protocol):
    """What a document needs of a member."""

    @property
    def position(self) -> int: ...
    @property
    def person_id(self) -> UUID: ...
    @property
    def relation(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def birth_date(self) -> BirthDate: ...
    @property
    def age(self) -> int: ...


def assemble(answers: Answers, members: Sequence[DeclaredMember]) -> Document:
    """The document that complete ``answers`` make; what was not asked stands as the table says.

    Members are named by ``person``. Raises StateConflict where an answer is missing.
    """
    if not Flow(QUESTIONNAIRE, FlowState(answers, members)).is_complete():
        raise StateConflict("a page of the form is not done")
    household = _declared(QUESTIONNAIRE.household_questions(), _merged(answers, 0), None)
    household.pop("aids")
    bills = [household.pop(key) for key in BILLS]
    entries = [_entry(answers, member) for member in members]
    return cast(Document, {**household, "water_electricity": bills, "members": entries})


def aids_of(answers: Answers) -> tuple[str, ...]:
    """The aids asked for: ``asd``, ``amo_tadamon``; none when none is wanted for now."""
    return tuple(aid for aid in _merged(answers, 0).get("aids", ()) if aid != "none")


def split_personal(document: Document) -> tuple[Document, dict[str, str]]:
    """The document without what is personal (commune, address), and that apart, to be sealed."""
    personal = {question.key for question in QUESTIONNAIRE.household_questions() if question.personal}
    clear = {key: value for key, value in document.items() if key not in personal}
    return cast(Document, clear), {key: str(value) for key, value in document.items() if key in personal}


def _merged(answers: Answers, position: int) -> dict[str, Any]:
    pages = (page.key for page in QUESTIONNAIRE.pages if page.per_member == (position > 0))
    return {key: value for page in pages for key, value in answers.get((page, position), {}).items()}


def _entry(answers: Answers, member: DeclaredMember) -> dict[str, Any]:
    return {
        "person": str(member.person_id),
        "relation": member.relation,
        "sex": member.sex,
        "birth_date": member.birth_date.iso,
        **_declared(QUESTIONNAIRE.member_questions(), _merged(answers, member.position), member.age),
    }


def _declared(questions: Iterable[Question], given: Mapping[str, Any], age: int | None) -> dict[str, Any]:
    declared: dict[str, Any] = {}
    for question in questions:
        asked = _is_of_age(question, age) and (not question.shown_if or question.holds({**given, **declared}))
        declared[question.key] = given[question.key] if asked else value_unasked(question, age, declared)
    return declared


def _is_of_age(question: Question, age: int | None) -> bool:
    return age is None or question.ages.least <= age <= question.ages.most
