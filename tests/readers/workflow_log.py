"""What GitHub's runner obeys in the log of a step.

A reading of `ActionCommand.cs` and `ActionCommandManager.cs` of actions/runner: a line that begins with
`::`, after white space, is a command, and so is `##[command]` anywhere in a line. After
`::stop-commands::TOKEN` nothing is obeyed until a line says `::TOKEN::`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

REGISTERED = {
    "notice", "warning", "error", "debug", "group", "endgroup", "add-mask", "add-path", "set-env",
    "set-output", "save-state", "stop-commands", "add-matcher", "remove-matcher", "echo",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str] = field(default_factory=dict)
    data: str = ""


def commands(log: str) -> list[Command]:
    """Give the commands that a log has the runner obey, those that stop and resume left out."""
    obeyed: list[Command] = []
    token = ""
    for line in log.replace("\r", "\n").split("\n"):
        found = _current(line, {token} if token else REGISTERED)
        if not token:
            found = found or _older(line)
        if found is None:
            continue
        if token:
            token = ""
        elif found.name == "stop-commands":
            token = found.data
        else:
            obeyed.append(found)
    return obeyed


def _current(line: str, known: set[str]) -> Command | None:
    text = line.lstrip()
    end = text.find("::", 2)
    if not text.startswith("::") or end < 0:
        return None
    name, _, properties = text[2:end].partition(" ")
    if name not in known:
        return None
    pairs = [pair.split("=", 1) for pair in properties.strip().split(",") if "=" in pair]
    unescaped = {key: _unescape(value, {"%3A": ":", "%2C": ","}) for key, value in pairs}
    return Command(name, unescaped, _unescape(text[end + 2 :], {}))


def _older(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name = line[start + 3 : end].partition(" ")[0]
    return Command(name) if name in REGISTERED else None


def _unescape(text: str, more: dict[str, str]) -> str:
    for escaped, plain in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(escaped, plain)
    return text
