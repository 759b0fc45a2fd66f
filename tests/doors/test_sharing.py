"""What requests share: states that stay whole while they are lent, turns of which there are only so many."""

import threading
from pathlib import Path

import anyio
import pytest
from fastapi.testclient import TestClient

from searchapp import Library
from searchapp.library.shelf import Shelf
from searchapp.web.app import create_app
from searchapp.web.desk import Desk
from searchapp.web.problems import Problem
from searchapp.web.turns import Turns
from tests.doors.conftest import HOST


def test_a_lent_state_answers_on_while_a_newer_one_is_lent_to_others(copy: Path) -> None:
    shelf = Shelf(copy)
    with shelf.lend() as old:
        before = len(old.papers())
        with Library.open(copy) as library:
            library.remove(library.documents()[0].sha256)
        shelf.look_now()
        with shelf.lend() as new:
            assert new is not old
            assert len(new.papers()) == before - 1
        assert len(old.papers()) == before
        assert len(old.searched().texts(old.searched().table().ids[:3].tolist())) == 3
    with pytest.raises(Exception, match="closed"):
        old.snapshot.db.execute("SELECT 1")
    with shelf.lend() as again:
        assert again is new
    shelf.close()


def test_threads_may_share_a_shelf(copy: Path) -> None:
    shelf = Shelf(copy)
    found: list[int] = []

    def work() -> None:
        for _ in range(20):
            with shelf.lend() as state:
                found.append(len(state.papers()))
            shelf.look_now()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    with Library.open(copy) as library:
        library.remove(library.documents()[0].sha256)
    for thread in threads:
        thread.join()
    shelf.close()
    assert len(found) == 80 and set(found) <= {2, 3}


def test_whoever_asks_after_a_look_was_asked_for_sees_what_was_written(copy: Path) -> None:
    """Several requests at once, as a page makes them: none may get the state before."""
    shelf = Shelf(copy)
    with Library.open(copy) as library:
        library.remove(library.documents()[0].sha256)
    shelf.look_now()
    together = threading.Barrier(8)
    found: list[int] = []

    def ask() -> None:
        together.wait()
        with shelf.lend() as state:
            found.append(len(state.papers()))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shelf.close()
    assert found == [2] * 8


def test_so_many_work_at_once_so_many_wait_and_the_next_is_sent_away() -> None:
    started, go_on = threading.Semaphore(0), threading.Event()
    refused: list[Problem] = []
    done: list[int] = []

    def work() -> int:
        started.release()
        assert go_on.wait(30)
        return 1

    async def ask(turns: Turns) -> None:
        try:
            done.append(await turns.run(work))
        except Problem as problem:
            refused.append(problem)

    async def run() -> None:
        turns = Turns(1, waiting=2)
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask, turns)
            assert await anyio.to_thread.run_sync(started.acquire)
            go_on.set()

    anyio.run(run)
    assert len(done) == 3
    assert [problem.status for problem in refused] == [503, 503]
    assert refused[0].response().headers["retry-after"] == "1"


def test_papers_are_added_by_one_at_a_time(copy: Path) -> None:
    desk = Desk.open(copy, can_ingest=True)
    with TestClient(create_app(desk), base_url=HOST) as client:
        files = [("files", ("a.pdf", b"no pdf"))]
        with desk.adding:
            answer = client.post("/api/ingest", files=files)
            assert (answer.status_code, answer.json()["title"]) == (409, "Busy")
        assert "refused" in client.post("/api/ingest", files=files).text
        assert "refused" in client.post("/api/ingest", files=files).text
