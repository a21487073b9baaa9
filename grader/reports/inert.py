"""Makes text that a student's program may have had a hand in harmless, and keeps it short.

Every writer passes such text through `line` or `block` first, and then through what its own format
needs: a character that steers a terminal, reorders a line or can't be in XML is spelled out.
"""

from __future__ import annotations

import re

LONGEST_LINE, LONGEST_BLOCK = 300, 4_000  # characters

#: What can be markup, or part of an address, in CommonMark and GitHub's extensions of it.
_MARKUP = re.compile(r"[\\`*{}\[\]<>()#+!|&~$@:]|(?<=\w)\.(?=\w)|(?<![^\W_])_|_(?![^\W_])")


def line(text: str, most: int = LONGEST_LINE) -> str:
    r"""Give text as one line; a line break in it is spelled `\n`.

    Args:
        text: any text.
        most: how many characters of it are kept.
    """
    return "".join(map(_spelled, _shortened(text, most)))


def block(text: str, most: int = LONGEST_BLOCK) -> str:
    """Give text that keeps its line breaks, and nothing else that doesn't print.

    Args:
        text: any text.
        most: how many characters of it are kept.
    """
    return "".join(c if c == "\n" else _spelled(c) for c in _shortened(text, most))


def logged(text: str, most: int = LONGEST_LINE) -> str:
    """Give text as one line that somebody else may print into a workflow's log.

    The runner of GitHub Actions obeys `::command::` at the start of a line, and the older
    `##[command]` anywhere in it (`ActionCommand.cs` of actions/runner).
    """
    safe = line(text, most).replace("##[", "#\\#[")
    return f"\\{safe}" if safe.lstrip().startswith("::") else safe


def command_data(text: str) -> str:
    """Escape the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Escape a property of a workflow command, such as its title."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str, most: int = LONGEST_LINE) -> str:
    """Give text as one line of Markdown in which nothing is markup, a link or a mention."""
    return _MARKUP.sub(_entity, line(text, most))


def markdown_code(text: str, most: int = LONGEST_BLOCK) -> str:
    """Give text as a code block of Markdown, behind a fence that is longer than any in it."""
    safe = block(text, most)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", safe)), default=0))
    return f"{fence}text\n{safe}\n{fence}\n"


def _entity(found: re.Match[str]) -> str:
    # An empty comment after it keeps `@name`, `#1` and `www.` from being taken up after rendering.
    split = "<!---->" if found[0] in "@#.:" else ""
    return f"&#{ord(found[0])};{split}"


def _shortened(text: str, most: int) -> str:
    left_out = len(text) - most
    return text if left_out <= 0 else f"{text[:most]} [{left_out} more characters]"


def _spelled(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]
