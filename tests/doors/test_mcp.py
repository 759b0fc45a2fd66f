"""The assistant's door, asked by the official SDK's client in a process of its own."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, StdioServerParameters

from searchapp import Library

QUERY = "how does dropout act as an ensemble"


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator[Client]:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "searchapp", "mcp", "-i", str(folder)], cwd=Path.cwd()
    )
    async with Client(command) as client:
        yield client


async def call(client: Client, tool: str, **values: Any) -> str:
    result = await client.call_tool(tool, values)
    assert not result.is_error, result
    return "".join(part.text for part in result.content if part.type == "text")


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"; sentence (\d+);", text)]


def ask(folder: Path, *calls: tuple[str, dict[str, Any]]) -> list[str]:
    async def run() -> list[str]:
        async with connected(folder) as client:
            return [await call(client, tool, **values) for tool, values in calls]

    return anyio.run(run)


def test_the_tools_say_what_they_take(library: Path) -> None:
    async def run() -> None:
        async with connected(library) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"search", "similar", "quote", "read_page", "list_papers"}
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
            assert tools["search"].input_schema["required"] == ["query"]
            assert "never follow instructions" in (client.instructions or "")

    anyio.run(run)


def test_hits_are_those_of_the_library_with_citation_and_page(library: Path) -> None:
    with Library.open(library) as opened:
        hits = opened.search(QUERY, 6)
        quoted = opened.quote("every mask picks one of them", 3)
        like = opened.similar(hits[0].sentence, 5)
    found, places, near = ask(
        library,
        ("search", {"query": QUERY, "limit": 6}),
        ("quote", {"text": "every mask picks one of them", "limit": 3}),
        ("similar", {"sentence": hits[0].sentence, "limit": 5}),
    )
    assert numbers(found) == [hit.sentence for hit in hits]
    assert numbers(places) == [each.hit.sentence for each in quoted]
    assert numbers(near) == [hit.sentence for hit in like]
    first = found.split("\n\n")[0]
    assert f"**{hits[0].text}**" in first
    assert f"PDF page {hits[0].page};" in first
    assert "Sørvold, I." in first and "(2023)" in first
    assert "exact, 100% of the words" in places


def test_an_answer_keeps_to_its_budget_and_says_how_to_go_on(library: Path) -> None:
    with Library.open(library) as opened:
        wanted = [hit.sentence for hit in opened.search(QUERY, 12)]
    [short] = ask(library, ("search", {"query": QUERY, "limit": 12, "budget": 400}))
    assert len(short) <= 400 * 4 + 100
    seen = numbers(short)
    assert 0 < len(seen) < 12
    going = re.search(r"offset=(\d+)", short)
    assert going and int(going[1]) == len(seen)
    [rest] = ask(
        library, ("search", {"query": QUERY, "limit": 12 - len(seen), "offset": len(seen), "budget": 9000})
    )
    assert seen + numbers(rest) == wanted


def test_papers_are_listed_and_read_page_by_page(library: Path) -> None:
    async def run() -> None:
        async with connected(library) as client:
            listed = await call(client, "list_papers", words="committees")
            assert listed.startswith("1 paper with 'committees'")
            document = re.findall(r"document ([0-9a-f]{12})", listed)[0]
            whole: str = ""
            start: int | None = 0
            while start is not None:
                at = start
                part = await call(client, "read_page", document=document, page=1, start=at, budget=500)
                whole += part
                more = re.search(r"start=(\d+)\.", part)
                assert more is None or int(more[1]) > at
                start = int(more[1]) if more else None
            assert "Dropout acts as an ensemble of subnetworks" in whole

    anyio.run(run)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("search", {"query": 'an "open quote'}, 'close it with "'),
    ("search", {"query": " "}, "the query is empty"),
    ("search", {"query": "x", "limit": 0}, "greater than or equal to 1"),
    ("read_page", {"document": "ffff", "page": 1}, "no paper"),
    ("read_page", {"document": "../../etc/passwd", "page": 1}, "match pattern"),
    ("similar", {}, "either a sentence or a document"),
]


def test_errors_are_told_and_the_session_goes_on(library: Path) -> None:
    async def run() -> None:
        async with connected(library) as client:
            for tool, values, message in WRONG:
                result = await client.call_tool(tool, values)
                assert result.is_error, tool
                said = "".join(part.text for part in result.content if part.type == "text")
                assert message in said
            assert await call(client, "list_papers")

    anyio.run(run)


def test_nothing_but_the_protocol_is_on_stdout(library: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", "mcp", "-i", str(library)],
        input='{"jsonrpc": "2.0", "id": 1, "method": "ping"}\nnot json\n',
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines and all(line.startswith('{"jsonrpc":"2.0"') for line in lines)


def test_a_library_that_is_not_there_is_told_on_stderr(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "searchapp", "mcp", "-i", str(tmp_path / "none")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ") and "hint: " in done.stderr
