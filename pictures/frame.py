"""The pages that are photographed: a terminal's window, and a comment on a pull request."""

from html import escape
from typing import Final

import cmarkgfm  # type: ignore[import-untyped]

_SIGNS: Final = {
    "\N{WHITE HEAVY CHECK MARK}": ("\N{CHECK MARK}", "#1a7f37"),
    "\N{NO ENTRY}": ("\N{MULTIPLICATION X}", "#cf222e"),
    "\N{HOURGLASS WITH FLOWING SAND}": ("\N{HORIZONTAL ELLIPSIS}", "#9a6700"),
}
_TERMINAL: Final = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 14px; background: #fff; width: max-content }}
.window {{ background: #14181f; color: #d6dae1; border-radius: 9px; overflow: hidden }}
.bar {{ background: #232a35; padding: 9px 12px; display: flex; gap: 7px }}
.bar i {{ width: 11px; height: 11px; border-radius: 50%; background: #4a5464 }}
pre {{ margin: 0; padding: 13px 18px 17px; font: 13.5px/1.42 "DejaVu Sans Mono", monospace }}
.prompt {{ color: #7ee0a0 }} .typed {{ color: #fff; font-weight: bold }}
.bold {{ font-weight: bold; color: #fff }} .dim {{ color: #8b95a5 }}
.red {{ color: #ff8a80 }} .green {{ color: #7ee0a0 }} .yellow {{ color: #f3d06f }}
.blue {{ color: #86b7ff }} .magenta {{ color: #e2a1ff }} .cyan {{ color: #7fdbea }}
.reverse {{ background: #d6dae1; color: #14181f }}
</style><div class="window"><div class="bar"><i></i><i></i><i></i></div><pre>{body}</pre></div>"""

_COMMENT: Final = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 16px; background: #fff; color: #1f2328; width: 860px;
  font: 14px/1.5 "Liberation Sans", "DejaVu Sans", sans-serif }}
.comment {{ border: 1px solid #d0d7de; border-radius: 7px; margin-bottom: 14px }}
.head {{ background: #f6f8fa; border-bottom: 1px solid #d0d7de; padding: 9px 15px;
  color: #59636e;
  border-radius: 7px 7px 0 0 }}
.head b {{ color: #1f2328 }} .body {{ padding: 4px 18px 10px }}
h2 {{ font-size: 20px; border-bottom: 1px solid #d8dee4; padding-bottom: 5px; margin: 12px 0 }}
h3 {{ font-size: 16px; margin: 16px 0 8px }} p, ul {{ margin: 8px 0 }}
table {{ border-collapse: collapse; margin: 9px 0 }}
th, td {{ border: 1px solid #d0d7de; padding: 5px 11px; text-align: left }}
tr:nth-child(even) td {{ background: #f6f8fa }}
code {{ background: #eff1f3; border-radius: 5px; padding: 2px 5px;
  font: 12.5px "DejaVu Sans Mono" }}
pre {{ background: #f6f8fa; border-radius: 6px; padding: 11px 14px }} pre code {{ padding: 0 }}
blockquote {{ border-left: 4px solid #d0d7de; color: #59636e; margin: 8px 0; padding: 0 13px }}
summary {{ margin: 6px 0 }} details > * {{ margin-left: 0 }}
.sign {{ color: #fff; border-radius: 4px; padding: 0 5px; font-size: 85% }}
.check {{ border: 1px solid #d0d7de; border-radius: 7px; padding: 11px 15px;
  display: flex; gap: 9px }}
.req {{ border: 1px solid #d0d7de; border-radius: 9px; padding: 0 7px; font-size: 12px }}
.dot {{ width: 15px; height: 15px; border-radius: 50%; margin-top: 3px; background: {colour} }}
</style><div class="comment"><div class="head"><b>rolloutctl</b> commented on <b>{title}</b></div>
<div class="body">{body}</div></div>
<div class="check"><span class="dot"></span><span><b>rollout gate</b> &mdash; {status}
<span class="req">Required</span></span></div>"""


def _drawn(html: str) -> str:
    """Signs that not every machine has in a font, as letters on a ground."""
    for sign, (letter, colour) in _SIGNS.items():
        html = html.replace(sign, f'<span class="sign" style="background:{colour}">{letter}</span>')
    return html


def terminal(typed: str, written: str) -> str:
    """A terminal's window with a command in it, and what it wrote as HTML."""
    prompt = f'<span class="prompt">$</span> <span class="typed">{escape(typed)}</span>\n'
    return _TERMINAL.format(body=prompt + written if typed else written)


def comment(title: str, markdown: str, status: str, *, passes: bool) -> str:
    """A pull request's comment and its required status, the Markdown read by GitHub's own parser.

    Args:
        title: Of the pull request.
        markdown: The comment's text.
        status: What it says beside the commit.
        passes: Whether that lets it merge.
    """
    body = cmarkgfm.github_flavored_markdown_to_html(
        markdown, options=cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    )
    return _COMMENT.format(
        title=escape(title),
        body=_drawn(body.replace("<details>", "<details open>", 1)),
        status=escape(status),
        colour="#1a7f37" if passes else "#cf222e",
    )
