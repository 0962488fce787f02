"""What a person does on the page, in a real browser that refuses whatever is not from here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.api.page import REFRESH_SECONDS
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.events import Departed
from serving.desk.test_desk import NOW
from serving.page.browsers import find_chromium, open_browser, open_desk, pass_time, serve

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason="No Chromium or Chrome is installed"),
]
FLIGHTS, ALL = "#rows > tr > th", 116


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path)


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with serve(desk) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, on whose clock time stands still; whatever it complains of fails the test."""
    page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.clock.install()
    page.goto("/")
    yield page
    page.close()
    assert [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []


def find_flight(page: Page, number: int, origin: str = "JFK") -> str:
    """The id of the button of a flight that has not left."""
    row = page.locator("#rows > tr", has_text=f"AA {number}").filter(has_text=origin)
    identity = row.locator("button").get_attribute("id")
    assert identity
    return identity


def get_top(page: Page, identity: str) -> float:
    box = page.locator(f"#{identity}").bounding_box()
    assert box
    return box["y"]


def wait_for_refresh(page: Page, clock: str) -> None:
    page.clock.run_for(REFRESH_SECONDS * 1000)
    expect(page.locator("#clock time")).to_have_text(clock)


def test_it_opens_and_time_moves_on(page: Page, desk: Desk) -> None:
    expect(page.locator(FLIGHTS)).to_have_count(ALL)
    expect(page.locator("#clock time")).to_have_text("06:00")
    assert page.title() == "Departures · Flight Delays"
    pass_time(desk, "10:31")
    wait_for_refresh(page, "06:31")
    expect(page.locator("#rows .untold").filter(has_text="1 min past schedule")).to_have_count(10)


def test_it_filters(page: Page) -> None:
    page.get_by_label("From", exact=True).select_option("EWR")
    page.get_by_label("Due from").select_option(label="09:00")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(FLIGHTS)).to_have_count(2)
    expect(page.locator("h2")).to_have_text("2 of 10 flights")
    expect(page.locator(".place")).to_have_text("EWR International Airport (EWR)")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(FLIGHTS)).to_have_count(10)
    page.get_by_role("link", name=re.compile("^08:00: 2 flights")).click()
    expect(page.locator(FLIGHTS)).to_have_count(2)


def test_a_row_opens_its_reasons_and_closes_them(page: Page) -> None:
    identity = find_flight(page, 101)
    button = page.locator(f"#{identity}")
    button.click()
    expect(page.locator(".why")).to_contain_text("1 flight from JFK waiting past schedule")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_be_focused()
    page.reload()
    expect(page.locator(".why")).to_be_visible()
    button.click()
    expect(page.locator(".why")).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")
    assert "open=" not in page.url


def test_a_refresh_keeps_the_place(page: Page, desk: Desk) -> None:
    """Ten flights above leave, and all others are told anew."""
    page.get_by_label("Carrier").select_option("AA")
    opened, focused = find_flight(page, 103), find_flight(page, 104)
    page.locator(f"#{opened}").click()
    expect(page.locator(".why")).to_be_visible()
    page.locator(f"#{focused}").focus()
    page.locator(f"#{focused}").evaluate("button => button.scrollIntoView({block: 'center'})")
    before = get_top(page, focused)
    left = desk.board.last.flights.query("flight_number == 100")["flight_id"]
    desk.tell([Departed(flight_id=each, at=NOW) for each in left])
    pass_time(desk, "10:20")
    wait_for_refresh(page, "06:20")
    expect(page.locator(FLIGHTS)).to_have_count(ALL - len(left))
    assert abs(get_top(page, focused) - before) < 1
    expect(page.locator(f"#{focused}")).to_be_focused()
    expect(page.locator(".why")).to_be_visible()
    expect(page.get_by_label("Carrier")).to_have_value("AA")


def test_if_the_focused_flight_leaves_the_next_one_has_the_focus(page: Page, desk: Desk) -> None:
    button = page.locator("#rows button").first
    following = page.locator("#rows button").nth(1).get_attribute("id")
    flight_id = button.get_attribute("data-flight")
    assert flight_id
    button.focus()
    desk.tell([Departed(flight_id=flight_id, at=NOW)])
    pass_time(desk, "10:01")
    wait_for_refresh(page, "06:01")
    expect(page.locator(f"#{following}")).to_be_focused()


def test_a_board_that_does_not_answer_is_told_and_taken_up_again(page: Page, desk: Desk) -> None:
    lost = page.get_by_text("The board does not answer")
    expect(lost).to_be_hidden()
    page.context.set_offline(True)
    page.clock.run_for(REFRESH_SECONDS * 1000)
    expect(lost).to_be_visible()
    page.context.set_offline(False)
    pass_time(desk, "10:01")
    wait_for_refresh(page, "06:01")
    expect(lost).to_be_hidden()


def test_the_keyboard_does_all(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the flights")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.locator("#rows button").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_contain_text("An ordinary flight so far ahead")
    page.keyboard.press("Space")
    expect(page.locator(".why")).to_have_count(0)
    page.get_by_label("From", exact=True).focus()
    page.keyboard.type("LG")
    for _ in range(7):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".place")).to_have_text("LGA International Airport (LGA)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(page: Page, scheme: str, width: int) -> None:
    """All steps of the colour scale are there: a tenth as many flights as wait."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(f"#{find_flight(page, 101)}").click()
    expect(page.locator(".why")).to_be_visible()
    for tenth in range(10):
        expect(page.locator(f".tenth{tenth}").first).to_be_attached()
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


def test_a_phone_need_not_scroll_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    page.reload()
    page.locator("#rows button").nth(30).click()
    expect(page.locator(".why")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    expect(page.locator("#filters")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    expect(page.locator("#filters")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 375


def test_by_night_it_is_dark(page: Page) -> None:
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = [sum(map(int, re.findall(r"\d+", colour))) / 3 for colour in (light, dark)]
    assert brightness[0] > 230
    assert brightness[1] < 40


def test_paper_has_the_table_and_no_controls(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#rows > tr").last).to_be_visible()
    colour = page.locator(".tenth7").first.evaluate(
        "cell => getComputedStyle(cell).printColorAdjust"
    )
    assert colour == "exact"
    assert page.pdf()[:4] == b"%PDF"


def test_without_script_it_can_be_read(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, java_script_enabled=False)
    page.goto("/?origin=JFK")
    page.locator("#rows button").first.click()
    expect(page.locator(".why")).to_contain_text("1 flight from JFK waiting past schedule")
    expect(page.locator(".place")).to_have_text("JFK International Airport (JFK)")
    page.locator("#rows button").first.click()
    expect(page.locator(".why")).to_have_count(0)
    page.close()


def test_it_asks_for_a_key_once(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    keys = ApiKeys(tmp_path / "keys.json")
    with serve(desk, keys) as address:
        page = browser.new_page(base_url=address)
        page.clock.install()
        page.goto("/")
        assert Axe().run(page).violations_count == 0
        page.get_by_label("API key").fill("guess")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("No such key is known")
        assert Axe().run(page).violations_count == 0
        page.get_by_label("API key").fill(keys.create("page", "read"))
        page.keyboard.press("Enter")
        expect(page.locator(FLIGHTS)).to_have_count(ALL)
        page.goto("/")
        expect(page.locator(FLIGHTS)).to_have_count(ALL)
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("API key")).to_be_visible()
        page.goto(f"/open?key={keys.create('link', 'read')}")
        expect(page.locator(FLIGHTS)).to_have_count(ALL)
        assert "key" not in page.url
        assert page.evaluate("document.cookie") == ""
        keys.revoke("link")
        page.clock.run_for(REFRESH_SECONDS * 1000)
        expect(page.get_by_label("API key")).to_be_visible()
        page.close()
