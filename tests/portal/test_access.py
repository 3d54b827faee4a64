"""Who may come in: the table of every route beside the app, and what everybody else is answered."""

from urllib.parse import urlencode

import pytest

from portal.access import AUDIENCES
from portal.staff import NOT_YOUR_ROLE
from services.households.questionnaire import QUESTIONNAIRE
from services.requests.references import new_reference
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.stages import STORIES, WIDOW, answer, begin, gather, send
from tests.portal.walking import FlaskBrowser, Walker

ROUTES = {
    "/": ("public", "GET"),
    "/healthz": ("machine", "GET"),
    "/readyz": ("machine", "GET"),
    "/metrics": ("machine", "GET"),
    "/api/sms/report": ("machine", "GET"),
    "/v/<code>": ("public", "GET"),
    "/v/keys": ("public", "GET"),
    "/<lang>/": ("public", "GET"),
    "/<lang>/privacy": ("public", "GET"),
    "/<lang>/simulate": ("public", "GET POST"),
    "/<lang>/sign-in": ("public", "GET POST"),
    "/<lang>/sign-in/code": ("public", "GET POST"),
    "/<lang>/sign-in/resend": ("public", "POST"),
    "/<lang>/track": ("public", "GET POST"),
    "/<lang>/track/code": ("public", "GET POST"),
    "/<lang>/track/resend": ("public", "POST"),
    "/<lang>/session/stay": ("citizen", "GET"),
    "/<lang>/sign-out": ("citizen", "POST"),
    "/<lang>/household": ("citizen", "GET"),
    "/<lang>/household/start": ("citizen", "GET POST"),
    "/<lang>/household/draft": ("citizen", "POST"),
    "/<lang>/household/head": ("citizen", "GET POST"),
    "/<lang>/household/members": ("citizen", "GET"),
    "/<lang>/household/members/add": ("citizen", "GET POST"),
    "/<lang>/household/members/code": ("citizen", "GET POST"),
    "/<lang>/household/members/code/resend": ("citizen", "POST"),
    "/<lang>/household/members/<int:position>": ("citizen", "GET POST"),
    "/<lang>/household/members/<int:position>/remove": ("citizen", "POST"),
    "/<lang>/form": ("citizen", "GET"),
    "/<lang>/form/provinces": ("public", "GET"),
    "/<lang>/form/<page_key>": ("citizen", "GET POST"),
    "/<lang>/form/<page_key>/<int:position>": ("citizen", "GET POST"),
    "/<lang>/form/check": ("citizen", "GET POST"),
    "/<lang>/form/deposit": ("citizen", "POST"),
    "/<lang>/requests": ("citizen", "GET"),
    "/<lang>/requests/<reference>": ("citizen", "GET"),
    "/<lang>/requests/<reference>/receipt": ("citizen", "GET"),
    "/<lang>/requests/<reference>/receipt.pdf": ("citizen", "GET"),
    "/<lang>/requests/<reference>/confirmation": ("citizen", "GET POST"),
    "/<lang>/requests/<reference>/confirmation.pdf": ("citizen", "GET"),
    "/<lang>/requests/<reference>/correct": ("citizen", "GET POST"),
    "/<lang>/requests/<reference>/ask-again": ("citizen", "POST"),
    "/<lang>/requests/<reference>/withdraw": ("citizen", "POST"),
    "/<lang>/score": ("citizen", "GET"),
    "/<lang>/score/what-if": ("citizen", "GET POST"),
    "/<lang>/score/history": ("citizen", "GET"),
    "/<lang>/score/compare": ("citizen", "GET"),
    "/<lang>/programmes": ("citizen", "GET"),
    "/<lang>/programmes/<key>": ("citizen", "GET"),
    "/<lang>/programmes/<key>/apply": ("citizen", "GET POST"),
    "/<lang>/my-data": ("citizen", "GET"),
    "/<lang>/my-data/export": ("citizen", "GET"),
    "/<lang>/score/confirmation": ("citizen", "GET"),
    "/<lang>/score/statement": ("citizen", "GET POST"),
    "/<lang>/score/statement.pdf": ("citizen", "GET"),
    "/<lang>/desk/sign-in": ("public", "GET POST"),
    "/<lang>/desk/sign-in/code": ("public", "GET POST"),
    "/<lang>/desk/sign-out": ("agent", "POST"),
    "/<lang>/desk/stay": ("agent", "GET"),
    "/<lang>/desk/enrol": ("public", "GET POST"),
    "/<lang>/desk/enrol/telephone": ("public", "GET POST"),
    "/<lang>/desk/enrol/recovery": ("public", "GET POST"),
    "/<lang>/ops/": ("operator", "GET"),
    "/<lang>/ops/messages": ("operator", "GET"),
}


def asked_of(*audiences: str) -> list[tuple[str, str]]:
    """``(rule, method)`` of every route of these audiences."""
    return [(rule, method) for rule, (who, methods) in ROUTES.items() if who in audiences for method in methods.split()]


OF_CITIZENS, OF_STAFF = asked_of("citizen"), asked_of("agent", "operator")
PRIVATE = ("Khadija", "El Amrani", "خديجة", "Bennani", "Oliviers", "6946384233", "+2126", "7,", "8,", "9,")


def routes_of(portal: Portal) -> dict[str, tuple[str, str]]:
    """``rule -> (audience, methods)`` as the app has them."""
    found: dict[str, tuple[str, set[str]]] = {}
    for rule in portal.app.url_map.iter_rules():
        audience = getattr(portal.app.view_functions[rule.endpoint], "audience", "nobody said")
        methods = found.setdefault(rule.rule, (audience, set()))[1]
        methods |= (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return {rule: (audience, " ".join(sorted(methods))) for rule, (audience, methods) in found.items()}


def test_the_table_and_the_app_name_the_same_routes_and_audiences(portal: Portal) -> None:
    assert routes_of(portal) == ROUTES
    assert {audience for audience, _ in ROUTES.values()} <= set(AUDIENCES)


@pytest.mark.parametrize(("rule", "method"), OF_CITIZENS)
def test_a_visitor_is_asked_to_sign_in_and_learns_nothing(open_portal: OpenPortal, rule: str, method: str) -> None:
    portal = open_portal("decided")
    walker = portal.visitor()
    walker.get("/sign-in")
    filled = {"<lang>": "fr", "<int:position>": "1", "<page_key>": "home", "<reference>": portal.reference}
    path = rule
    for name, value in filled.items():
        path = path.replace(name, value)
    page = walker.get(path) if method == "GET" else walker.post(path, {"relation": "head", "rooms": "3"})
    assert (page.status, page.path) == (200, "/fr/sign-in")
    assert not [word for word in PRIVATE if word in page.words]


@pytest.mark.parametrize("who", ["visitor", "citizen"])
def test_pages_of_the_staff_open_to_no_visitor_and_no_citizen(open_portal: OpenPortal, who: str) -> None:
    portal = open_portal("decided")
    walker = portal.visitor() if who == "visitor" else portal.family()
    for rule, method in OF_STAFF:
        walker.get("/desk/sign-in")
        path = rule.replace("<lang>", "fr")
        page = walker.get(path) if method == "GET" else walker.post(path, {})
        assert (page.status, page.path) == (200, "/fr/desk/sign-in"), path
        assert not [word for word in PRIVATE if word in page.text.split("<main")[1]]


def test_no_citizens_page_opens_to_the_staff(portal: Portal) -> None:
    walker = portal.agent()
    for rule, method in OF_CITIZENS:
        path = rule.replace("<int:position>", "1").replace("<page_key>", "home").replace("<reference>", new_reference())
        if method == "GET":
            assert walker.get(path.replace("<lang>", "fr")).path == "/fr/sign-in", rule


@pytest.mark.parametrize("rule", [rule for rule, (who, _) in ROUTES.items() if who == "operator"])
def test_an_agent_without_the_role_is_told_so_kindly(portal: Portal, rule: str) -> None:
    page = portal.agent(roles=()).get(rule.replace("<lang>", "fr"))
    assert (page.status, page.heading) == (403, said("You cannot do this"))
    assert said(NOT_YOUR_ROLE) in page.words


@pytest.mark.parametrize("rule", [rule for rule, (_, methods) in ROUTES.items() if "POST" in methods])
def test_no_form_is_taken_without_its_token(open_portal: OpenPortal, rule: str) -> None:
    portal = open_portal("answered")
    path = rule.replace("<lang>", "fr").replace("<int:position>", "2").replace("<page_key>", "home")
    path = path.replace("<reference>", new_reference())
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
        walker = portal.family()
        page = walker.browser.send("POST", path, urlencode({"rooms": "9", **token}).encode(), {})
        assert page.status == 400
        assert page.headers["Cache-Control"] == "no-store"


def test_a_browser_without_cookies_is_told_so(portal: Portal) -> None:
    walker = portal.visitor()
    walker.browser = FlaskBrowser(portal.app.test_client(use_cookies=False))
    walker.get("/sign-in")
    page = walker.fill(idcs="1")
    assert (page.status, page.heading) == (400, said("Your browser refuses cookies"))


@pytest.fixture
def stranger(open_portal: OpenPortal) -> tuple[Portal, Walker]:
    """Somebody with a household of his own, beside the widow's whose request is decided."""
    portal = open_portal("decided")
    begin(portal.database, STORIES["living-alone"])
    return portal, portal.family(STORIES["living-alone"])


def not_found(walker: Walker, path: str, method: str = "GET") -> str:
    """What is read on the page of something that is not there, but for the address itself."""
    page = walker.get(path) if method == "GET" else walker.post(path, {})
    assert page.status == 404, path
    return page.words


@pytest.mark.parametrize("rest", ["", "/receipt", "/receipt.pdf", "/confirmation", "/confirmation.pdf", "/correct"])
def test_somebody_elses_reference_looks_like_none(stranger: tuple[Portal, Walker], rest: str) -> None:
    portal, walker = stranger
    elsewhere = not_found(walker, f"/requests/{portal.reference}{rest}")
    nowhere = not_found(walker, f"/requests/{new_reference()}{rest}")
    garbage = not_found(walker, f"/requests/%F0%9F%A6%8A'--{rest}")
    assert elsewhere == nowhere == garbage


@pytest.mark.parametrize("rest", ["/correct", "/ask-again", "/withdraw"])
def test_nobody_changes_somebody_elses_request(stranger: tuple[Portal, Walker], rest: str) -> None:
    portal, walker = stranger
    walker.get("/household")
    assert not_found(walker, f"/requests/{portal.reference}{rest}", "POST") == not_found(
        walker, f"/requests/{new_reference()}{rest}", "POST"
    )


@pytest.mark.parametrize("path", ["/household/members/2", "/household/members/999", "/household/members/0"])
def test_a_place_where_nobody_stands_is_no_page(stranger: tuple[Portal, Walker], path: str) -> None:
    _, walker = stranger
    walker.get("/household")
    not_found(walker, path)
    not_found(walker, f"{path}/remove", "POST")


def test_an_adult_member_sees_but_changes_nothing(portal: Portal) -> None:
    farmer = STORIES["irrigated-farmer"]
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, farmer)
    [son] = [one for one in farmer.household if one["name_latin"] == "Lahcen Aït Lahcen"]
    walker = portal.person(son["idcs"] or "")
    for path in ("/household", "/requests", f"/requests/{portal.reference}", "/score"):
        assert walker.get(path).status == 200, path
    for path in ("/household/members", "/household/members/1", "/household/members/add", "/household/head"):
        not_found(walker, path)
    walker.get("/household")
    for rest in ("/withdraw", "/ask-again", "/correct"):
        not_found(walker, f"/requests/{portal.reference}{rest}", "POST")


def test_who_was_added_sees_nothing_before_the_form_is_sent(open_portal: OpenPortal) -> None:
    portal = open_portal("enrolled")
    elsewhere = STORIES["grandmother-with-her-son"]
    for go_on in (begin, gather):
        go_on(portal.database, elsewhere)
    walker = portal.person(elsewhere.household[2]["idcs"] or "")
    assert walker.get("/household").path == "/fr/household/start"
    assert walker.get("/form").path == "/fr/household/start"


def test_the_routes_of_the_form_cover_every_page_of_the_questionnaire(open_portal: OpenPortal) -> None:
    portal = open_portal("answered")
    for page in QUESTIONNAIRE.pages:
        path = f"/form/{page.key}/1" if page.per_member else f"/form/{page.key}"
        assert portal.family(WIDOW).get(path).status == 200
