"""The page in a real Chromium, on a real server: what is shown, where, and that it never complains."""

import os
import re
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from searchapp import Library
from tests.doors.conftest import SAMPLES, trained_model

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUERY = "how does dropout act as an ensemble"
PATIENCE = 30_000  # ms that a busy machine may take for a step
WORD = re.compile(r"\w+")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium: tools/system-packages chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def server(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server, in a process of its own, over a copy of the library."""
    home = tmp_path_factory.mktemp("served")
    folder = Path(shutil.copytree(library, home / "lib"))
    trained_model(home / "models" / "mine")
    process = subprocess.Popen(
        [sys.executable, "-m", "searchapp", "serve", "-i", str(folder), "--port", "0"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None and process.stdout is not None
    line = process.stderr.readline()
    found = re.search(r"http://\S+", line)
    assert found, line + process.stderr.read()
    yield found[0].rstrip("/")
    process.terminate()
    said, complained = process.communicate(timeout=30)
    assert (process.returncode, said, complained) == (0, "", "Ended.\n")


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page that fails its test if anything was written to the console."""
    context = browser.new_context(
        base_url=server,
        viewport={"width": 1300, "height": 850},
        permissions=["clipboard-write", "clipboard-read"],
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    complaints: list[str] = []
    made = context.new_page()
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    context.close()
    assert complaints == []


def search(page: Page, query: str = QUERY) -> None:
    page.goto("/")
    page.get_by_role("searchbox").press_sequentially(query, delay=1)
    expect(page.locator(".hit").first).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(urllib.parse.quote_plus(query))))
    expect(page.locator(".hits.stale")).to_have_count(0)


def words_of(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def words_under(page: Page, pdf: Path) -> list[str]:
    """The PDF's own words whose middle is in a rectangle of the open sentence, in reading order."""
    boxes: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll(".box.now")].map((box) => {
          const sheet = box.parentElement.getBoundingClientRect(), at = box.getBoundingClientRect();
          return { page: Number(box.parentElement.dataset.page), x0: (at.left - sheet.left) / sheet.width,
            x1: (at.right - sheet.left) / sheet.width, y0: (at.top - sheet.top) / sheet.height,
            y1: (at.bottom - sheet.top) / sheet.height };
        })"""
    )
    found: list[str] = []
    with pymupdf.open(pdf) as opened:
        for box in boxes:
            sheet = opened[box["page"] - 1]
            width, height = sheet.rect.width, sheet.rect.height
            for x0, y0, x1, y1, text, *_ in sheet.get_text("words"):
                x, y = (x0 + x1) / 2 / width, (y0 + y1) / 2 / height
                if box["x0"] <= x <= box["x1"] and box["y0"] <= y <= box["y1"]:
                    found += words_of(text)
    return found


def test_an_opened_hit_is_marked_on_its_page_and_scrolled_to(page: Page, library: Path) -> None:
    search(page)
    with Library.open(library) as opened:
        hits = opened.search(QUERY, 10)
    first = page.locator(".hit").first
    assert first.locator(".text").inner_text() == hits[0].text
    first.locator("a").click()
    expect(page.locator(".sheet img").first).to_be_visible()
    for hit in hits[:6]:
        pdf = SAMPLES / Path(hit.path).name
        page.goto(f"/?q={urllib.parse.quote_plus(QUERY)}&hit={hit.sentence}")
        expect(page.locator(".viewer footer .said > p")).to_have_text(hit.text)
        expect(page.locator(".box.now").first).to_be_in_viewport()
        wanted = "".join(words_of(hit.text))
        under = "".join(words_under(page, pdf))
        assert under == wanted, hit.text  # joined, since a line's end parts words
        drawn = page.locator(f'.sheet[data-page="{hit.page}"] img')
        expect(drawn).to_be_visible()
        page.wait_for_function(
            "(image) => image.complete && image.naturalWidth > 500", arg=drawn.element_handle()
        )


def test_next_and_previous_similar_and_the_outline_by_keys(page: Page) -> None:
    search(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said = page.locator(".viewer footer .said > p")
    shown = [text for text in page.locator(".hit .text").all_inner_texts() if text][:2]
    expect(said).to_have_text(shown[0])
    page.keyboard.press("n")
    expect(said).to_have_text(shown[1])
    page.keyboard.press("p")
    expect(said).to_have_text(shown[0])
    page.keyboard.press("o")
    expect(page.locator(".outline a", has_text="Introduction").first).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator(".drawer a").nth(3)).to_be_visible()
    like = page.locator(".drawer a").first
    text = str(like.evaluate("(node) => node.firstChild.textContent"))
    like.click()
    expect(said).to_have_text(text)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/library")
    page.keyboard.press("/")
    page.keyboard.type(QUERY, delay=1)
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".hit").nth(1)
    expect(second.locator("a")).to_be_focused()
    page.keyboard.press("w")
    expect(second.locator(".why")).to_contain_text("Meaning")
    expect(second.locator(".why .heat")).to_have_text(second.locator(".text").inner_text())
    page.keyboard.press("c")
    expect(page.locator(".toast")).to_contain_text("Copied")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied.startswith("“") and re.search(r"p\. \d+\)$", copied)
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile("mode=dense"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_filters_narrow_and_are_kept_in_the_address(page: Page) -> None:
    search(page, "training a network")
    before = page.locator(".paper").count()
    year = page.locator(".facets section", has_text="Year").locator(".facet:visible").last
    value = str(year.get_attribute("title"))
    year.click()
    expect(page).to_have_url(re.compile(f"year={value}"))
    expect(page.locator(".chip")).to_have_text([value])
    expect(page.locator(".hits.stale")).to_have_count(0)
    assert page.locator(".paper").count() < before
    for about in page.locator(".paper header p").all_inner_texts():
        assert about.endswith(value)
    page.reload()
    expect(page.locator(".chip")).to_have_text([value])
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator(".paper")).to_have_count(before)


def test_back_goes_through_what_was_seen(page: Page) -> None:
    search(page)
    page.locator(".hit a").first.click()
    expect(page.locator(".viewer")).to_be_visible()
    page.go_back()
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page.locator(".hit").first).to_be_visible()
    page.get_by_role("button", name="Words", exact=True).click()
    expect(page).to_have_url(re.compile("mode=lexical"))
    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.get_by_role("cell", name=re.compile("Committees"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Words", exact=True)).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_role("button", name="Both", exact=True)).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.locator(".start h1")).to_be_visible()


def test_a_query_that_is_not_whole_is_not_asked_while_one_types(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("searchbox")
    field.press_sequentially('kind:caption "weight scaling" -image', delay=15)
    expect(page.locator(".hit").first).to_be_visible()
    assert page.locator(".note").count() == 0


def test_a_narrow_screen_has_room(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    search(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Filters").click()
    expect(page.locator(".facets .facet").first).to_be_visible()
    page.locator(".hit a").first.click()
    box = page.locator(".viewer").bounding_box()
    assert box is not None and (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 780)
    expect(page.locator(".box.now").first).to_be_in_viewport()
    page.get_by_role("button", name="Close (Esc)").first.click()
    expect(page.locator(".viewer")).to_have_count(0)
    for path in ("/library", "/models", "/map"):
        page.goto(path)
        expect(page.locator("h1").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_light_and_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    search(page)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_all_hits_come_as_one_scrolls(page: Page, library: Path) -> None:
    search(page, "the network")
    page.wait_for_function(
        """() => { scrollTo(0, document.body.scrollHeight); return !document.querySelector(".end").hidden }"""
    )
    numbers = page.locator(".hit").evaluate_all("(rows) => rows.map((row) => row.dataset.sentence)")
    assert len(set(numbers)) == len(numbers)
    with Library.open(library) as opened:
        assert {hit.sentence for hit in opened.search("the network", 2000)} <= {int(n) for n in numbers}


def test_the_map_names_its_clusters_and_leads_to_sentences(page: Page) -> None:
    page.goto("/map")
    expect(page.locator(".cluster").first).to_be_visible()
    canvas = page.locator(".chart canvas")
    drawn = page.evaluate(
        """() => {
          const canvas = document.querySelector(".chart canvas");
          const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const at = data.findIndex((value, index) => index % 4 === 3 && value > 150) >> 2;
          return at < 0 ? null : [at % width, Math.floor(at / width)];
        }"""
    )
    assert drawn is not None, "no point was drawn"
    canvas.hover(position={"x": drawn[0], "y": drawn[1]})
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    text = str(tip.evaluate("(node) => node.firstChild.textContent"))
    canvas.click(position={"x": drawn[0], "y": drawn[1]})
    expect(page.locator(".viewer footer .said > p")).to_have_text(re.compile(re.escape(text.rstrip("…"))))
    page.go_back()
    page.locator(".cluster").first.click()
    expect(page.locator(".members a").first).to_be_visible()


def test_models_show_their_gains_and_the_report(page: Page) -> None:
    page.goto("/models")
    card = page.locator(".model", has_text="mine")
    expect(card.locator("tbody tr")).to_have_count(1)
    card.locator("summary").click()
    expect(page.frame_locator(".report").locator("h1")).to_have_text("A report")


def test_a_pdf_that_is_dropped_is_added_with_progress(page: Page) -> None:
    page.goto("/library")
    expect(page.locator("tbody tr").first).to_be_visible()
    before = page.locator("tbody").first.locator("tr").count()
    path = SAMPLES / "attention-cost.pdf"
    transfer = page.evaluate_handle(
        """(bytes) => {
          const data = new DataTransfer();
          const type = "application/pdf";
          data.items.add(new File([new Uint8Array(bytes)], "attention cost.pdf", { type }));
          return data;
        }""",
        list(path.read_bytes()),
    )
    page.dispatch_event("body", "dragenter", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_be_hidden()
    expect(page.locator(".toast")).to_contain_text("1 new paper")
    expect(page.locator("tbody").first.locator("tr")).to_have_count(before + 1)
    search(page, "why do long prompts use up memory")
    expect(page.locator(".paper h2").first).to_have_text(re.compile("Long Context"))
