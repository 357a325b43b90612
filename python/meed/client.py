"""What an office answers to programs: determinations, rows, acts and simulations."""

from __future__ import annotations

import csv
import io
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

Json = dict[str, Any]
"""An object of an answer. Numbers that could be read inexactly are texts."""

Row = dict[str, "str | None"]
"""A row of a table, or a line of a file."""


class Fault(Exception):
    """Why there is no answer (RFC 9457): ``status``, ``type`` with its stable name, the sentence, and what a determination said."""

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: int | None = None) -> None:
        self.status = status
        self.type = str(problem.get("type", "about:blank"))
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.detail_zh = str(problem.get("detail_zh", ""))
        self.clause: Any = problem.get("clause")
        self.missing: Any = problem.get("missing")
        self.retry_after = retry_after
        super().__init__(f"{status} {self.type}: {self.detail or self.title}")


class Meed:
    """An office behind its web. Without a token it answers what it answers to anybody."""

    def __init__(self, base: str, token: str | None = None, timeout: float = 60.0) -> None:
        self._base = base.rstrip("/")
        self._token = token
        self._timeout = timeout

    def determine(
        self, facts: Mapping[str, Any], on: str | None = None, measure: str | None = None, package: str | None = None
    ) -> Json:
        """What the rules make of facts, ``{"enterprise": {…}}``, with the explanation; nothing is stored."""
        asked: Json = {"facts": facts, "on": on, "measure": measure, "package": package}
        return self._json("POST", "/api/v1/determinations", {name: part for name, part in asked.items() if part is not None})

    def schema(self, package: str) -> Json:
        """The JSON Schema of a package's facts."""
        return self._json("GET", f"/api/v1/schemas/{_part(package)}")

    def rows(self, table: str, **where: str) -> Iterator[Row]:
        """The rows of a table that the token's person may see, page after page; ``where`` keeps those with a value."""
        after: str | None = None
        while True:
            query = urlencode({**where, **({"after": after} if after else {})})
            page = self._json("GET", f"/api/v1/rows/{_part(table)}" + (f"?{query}" if query else ""))
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def row(self, table: str, *key: str) -> tuple[Row, str]:
        """One row, and its tag, on which an act about it rests."""
        body, headers = self._send("GET", "/api/v1/rows/" + "/".join(map(_part, (table, *key))))
        return json.loads(body), headers.get("etag", "")

    def policies(self) -> Iterator[Row]:
        """The versions of policies: published ones for anybody, drafts for who works on them."""
        return self.rows("policy")

    def act(self, kind: str, fields: Mapping[str, Any], seen: str | None = None, key: str | None = None) -> Json:
        """Gives a command, ``case.accept``. ``seen`` is the tag of the row that it is about; the same ``key`` is the same command."""
        module, _, act = kind.partition(".")
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if seen is not None:
            headers["If-Match"] = seen
        return self._json("POST", f"/api/v1/acts/{_part(module)}/{_part(act)}", dict(fields), headers)

    def events(self, after: str | None = None) -> Iterator[Json]:
        """What happened since, in order, as CloudEvents; it ends where nothing more has happened."""
        while True:
            page = self._json("GET", "/api/v1/events" + (f"?{urlencode({'after': after})}" if after else ""))
            yield from page["items"]
            if not page["items"]:
                return
            after = page["next"]

    def simulate(self, wait: float = 600.0, **asked: object) -> Json:
        """Makes a simulation and waits for what it finds. ``asked`` has the fields of the form: ``policy``, ``against``, ``on``, ``people``, ``kind``,
        ``size``, ``seed``, ``parameter``, ``value``, ``reform_on``, ``step``, ``by``, ``document`` and ``text``."""
        fields = {name: str(value) for name, value in asked.items() if value is not None}
        made = self._json("POST", "/api/v1/simulations", fields)
        until = time.monotonic() + wait
        while True:
            found = self.simulation(made["id"])
            if found["state"] in ("done", "failed"):
                return found
            if time.monotonic() > until:
                raise TimeoutError(f"simulation {made['id']} is {found['state']} after {wait} seconds")
            time.sleep(0.5)

    def simulation(self, number: str) -> Json:
        """How far a simulation is, and what it found: its report and the names of its files."""
        return self._json("GET", f"/api/v1/simulations/{_part(number)}")

    def table(self, number: str, name: str) -> list[Row]:
        """A table of a simulation: ``measures``, ``groups``, ``months``, ``funds``, ``turns``, ``sensitivity``."""
        text = self.file(number, f"{name}-00001.csv").decode()
        return [dict(line) for line in csv.DictReader(io.StringIO(text))]

    def file(self, number: str, name: str) -> bytes:
        """A file of a simulation, as it is."""
        return self._send("GET", f"/api/v1/simulations/{_part(number)}/files/{_part(name)}")[0]

    def _json(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Json:
        answer: Json = json.loads(self._send(method, path, body, headers)[0])
        return answer

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[bytes, dict[str, str]]:
        request = Request(self._base + path, method=method, headers=dict(headers or {}))
        if self._token is not None:
            request.add_header("Authorization", f"Bearer {self._token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urlopen(request, timeout=self._timeout) as answer:
                return answer.read(), {name.lower(): value for name, value in answer.headers.items()}
        except HTTPError as error:
            with error:
                raise _fault(error) from None


def _fault(error: HTTPError) -> Fault:
    try:
        problem = json.loads(error.read())
    except ValueError:
        problem = {}
    after = error.headers.get("Retry-After", "")
    return Fault(error.code, problem if isinstance(problem, dict) else {}, int(after) if after.isdigit() else None)


def _part(text: str) -> str:
    return quote(text, safe="")
