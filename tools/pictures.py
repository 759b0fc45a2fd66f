"""Take the picture of the page that the README shows: a hit of the sample papers, opened on its page.

    python -m tools.pictures demo       # a library of sample_pdfs/; needs the extras and chromium

Writes docs/images/page.jpg. Look at it before you commit it.
"""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote_plus

from playwright.sync_api import sync_playwright

IMAGE = Path(__file__).parents[1] / "docs" / "images" / "page.jpg"
QUERY = "how does dropout act as an ensemble"
SIZE = {"width": 1280, "height": 760}  # CSS pixels
QUALITY = 82  # of the JPEG, in percent


def take(library: str) -> None:
    """Serve a library, open its first hit in Chromium and take a picture of it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "searchapp", "serve", "-i", library, "--port", "0", "--read-only"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        [address] = re.findall(r"http://\S+", server.stderr.readline())
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
            page.goto(f"{address}?q={quote_plus(QUERY)}")
            page.locator(".hit a").first.click()
            image = page.locator(".sheet img").first
            image.wait_for()
            page.wait_for_function("(image) => image.complete", arg=image.element_handle())
            page.screenshot(path=IMAGE, type="jpeg", quality=QUALITY)
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "demo")
