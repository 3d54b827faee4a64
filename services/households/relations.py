"""What becomes of everybody's relation when the household gets another head."""

from services.households.household_view import HouseholdView, MemberView
from services.households.questionnaire import RELATION

UNSURE = "other"

# (what the new head was to the former one, what somebody was to the former one): what he is to
# the new one. What the former head alone knew (is this grandchild the new head's own child?) is
# left out: the family is asked.
TO_THE_NEW_HEAD = {
    ("spouse", "child"): "child",
    ("spouse", "grandchild"): "grandchild",
    ("spouse", "parent"): "parent_in_law",
    ("spouse", "parent_in_law"): "parent",
    ("child", "spouse"): "parent",
    ("child", "child"): "sibling",
    ("parent", "sibling"): "child",
    ("parent", "child"): "grandchild",
    ("parent", "parent"): "spouse",
    ("parent_in_law", "child"): "grandchild",
    ("parent_in_law", "parent_in_law"): "spouse",
    ("parent_in_law", "spouse"): "child",
    ("sibling", "sibling"): "sibling",
    ("sibling", "parent"): "parent",
}


def relations_after(
    view: HouseholdView, *, chosen: MemberView, relation_of_former_head: str | None
) -> dict[MemberView, str]:
    """What everybody but ``chosen`` is to him once he is the head; :data:`UNSURE` to be asked.

    The former head comes first. Raises ValueError where he would be nothing, or head still.
    """
    former = view.head
    if former is None:
        return {}
    if relation_of_former_head is None or relation_of_former_head not in RELATION.by_value.keys() - {"head"}:
        raise ValueError(f"{relation_of_former_head!r} is no relation of a former head")
    others = [member for member in view.members if member not in (former, chosen)]
    follow = {member: TO_THE_NEW_HEAD.get((chosen.relation, member.relation), UNSURE) for member in others}
    return {former: relation_of_former_head, **follow}
