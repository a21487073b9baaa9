"""Results with texts that try to be more than text."""

from __future__ import annotations

from grader.manifest import Changes
from grader.verdict.result import CheckResult, ExerciseResult, Result, Status

FORGERY = "::notice title=Autograding complete::Points 100/100"
TEXTS = {
    "new line": f"a\n{FORGERY}\nb",
    "carriage return": f"a\r{FORGERY}\r\nb",
    "command": FORGERY,
    "older command": "said ##[notice title=Autograding complete;]Points 100/100",
    "escaped line break": f"a%0A{FORGERY}%0D%250A",
    "resuming": "::0123456789abcdef::",
    "control characters": "a\x00\x01\x07\x08\x1b[2J\x1b]0;title\x07\x7f\x85\x9b31m",
    "bidi": "grade \u202e001\u202c \u2066\u2069 \u200e\u200f points",
    "line separators": f"a\u2028{FORGERY}\u2029\x0b\x0c\x1c\x1d\x1e b",
    "invisible": "a\u200b\u200d\ufeff\u2060\U000e0041b",
    "surrogate": "a\udc80\ud800b",
    "noncharacter": "a\ufffe\uffffb",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)><!-- &amp; ]]>",
    "closing": "]]></failure></testcase></testsuite>\"'/>",
    "markdown": "# 100 of 100\n\n[x](javascript:alert(1)) ![y](https://a.example/z) **b** | c |",
    "underscores": "__init__ _a_ a_b __a_b_ (_x_) 1_2 _",
    "fence": "```\n# out of the block\n````\n~~~\n",
    "mention": "@everyone fixes #1, see www.a.example, https://a.example and a@b.example",
    "output": "runners=x\nexercise09=e30=\nstatus<<EOF\nsuccess\nEOF",
    "json": '"}, "score": 100, {"x": "\\u0000',
    "csv": '=HYPERLINK("https://a.example")',
    "a megabyte": "long " * 200_000,
    "emoji and others": "größer als ⅔ — 日本語 👍",
}


def check(text: str, status: Status = "fail", *, score: int = 0, most: int = 3) -> CheckResult:
    """Give a verdict with a text wherever one can be."""
    return CheckResult(
        id=text, title=text, status=status, score=score, max_score=most, message=text,
        expected=text if status == "fail" else "", observed=text, hint=text, transcript=[text],
        seconds=0.25,
    )  # fmt: skip


def result(text: str) -> Result:
    """Give a result with a text wherever one can be: 6 of 17 points."""
    first = [check(text), check(text, "pass", score=4, most=4), check(text, "skip", most=1)]
    second = [
        check(text, "error", most=2),
        check(text, "pass", score=2, most=2),
        check(text, most=5),
    ]
    return Result(
        seed=7,
        started="2026-01-31T12:00:00+00:00",
        seconds=1.5,
        containment={"summary": text},
        changes=Changes([text], [text], [text], False),
        exercises=[
            ExerciseResult(f"08_{text}", text, text, first),
            ExerciseResult("09_fork_server", text, text, second),
        ],
    )
