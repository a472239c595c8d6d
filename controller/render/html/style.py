"""How the page looks: two palettes, one sheet, and the policy that allows this sheet alone."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Final

LIGHT: Final = {
    "page": "#ffffff",
    "panel": "#f5f6f8",
    "line": "#7b8494",
    "rule": "#d5d9e0",
    "ink": "#1b2027",
    "faint": "#4f5866",
    "good": "#14692f",
    "warn": "#7d4e00",
    "bad": "#ab1a1a",
    "info": "#1d4fa8",
}
DARK: Final = {
    "page": "#12161c",
    "panel": "#1b212a",
    "line": "#8893a4",
    "rule": "#343d4a",
    "ink": "#e7ebf0",
    "faint": "#aeb8c6",
    "good": "#6fd08c",
    "warn": "#f0b95a",
    "bad": "#ff8f87",
    "info": "#8ab8ff",
}
"""The same names in both. Everything that is read stands on `page` or `panel`."""

_SHEET: Final = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;color-scheme:light dark}
body{margin:0;background:var(--page);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}footer{padding:1.5rem 1rem;color:var(--faint)}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.3rem;line-height:1.3;margin:2.5rem 0 .5rem}
h3{font-size:1.05rem;margin:1.5rem 0 .4rem}
p{margin:.4rem 0}ul{margin:.4rem 0;padding-left:1.2rem}
code{font:.9em ui-monospace,Menlo,Consolas,monospace}
a{color:var(--info)}
a:focus-visible,summary:focus-visible,.wide:focus-visible{
outline:3px solid var(--info);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.faint{color:var(--faint)}.small{font-size:.875rem}
.facts{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:.5rem 0;padding:0}
.facts div{display:flex;gap:.4rem}
.facts dt{color:var(--faint);white-space:nowrap}
.facts dd{margin:0;font-weight:600}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.info{color:var(--info)}
.mark{display:inline-block;border:1.5px solid currentColor;border-radius:.3rem;padding:0 .45rem;
font-size:.8125rem;font-weight:700;line-height:1.5;overflow-wrap:normal}
h2 .mark{vertical-align:.15em;margin-left:.5rem}
.note{border-left:.3rem solid currentColor;
background:var(--panel);padding:.5rem .8rem;margin:.6rem 0}
.note p,.note li{color:var(--ink)}
.next{background:var(--panel);border-radius:.4rem;padding:.6rem .8rem;margin:.6rem 0}
section.flag{border-top:1px solid var(--rule);margin-top:2rem}
section.flag h2{margin-top:1.2rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;color:var(--faint);padding:.3rem 0;font-size:.875rem}
th,td{text-align:left;
vertical-align:top;padding:.45rem .6rem .45rem 0;border-bottom:1px solid var(--rule)}
thead th{color:var(--faint);font-weight:600;font-size:.8125rem;white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.date,.nowrap{white-space:nowrap}
.wide{overflow-x:auto}.wide table{min-width:42rem}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem}
figure{margin:0}figcaption{font-size:.875rem;color:var(--faint);margin-top:.2rem}
svg{display:block;max-width:100%;height:auto;overflow:visible}
svg text{fill:var(--faint);font:11px system-ui,sans-serif}
svg path{fill:none;stroke-width:2}
svg text{text-anchor:middle}
svg .l{text-anchor:start}
svg .r{text-anchor:end}
svg .dot,svg .hole,svg .now{stroke-linecap:round}
svg .dot{stroke-width:12}
svg .hole{stroke-width:8}
svg .now{stroke-width:17}
svg .flat{stroke-linecap:butt}
svg .bar{stroke-width:5}
svg .mid{stroke-width:9;stroke-linecap:round}
svg .dash{stroke-dasharray:4 3}
.s-page{stroke:var(--page)}
.s-rule{stroke:var(--rule)}
.s-line{stroke:var(--line)}
.s-ink{stroke:var(--ink)}
.s-good{stroke:var(--good)}
.s-bad{stroke:var(--bad)}
.s-info{stroke:var(--info)}
.s-warn{stroke:var(--warn)}
svg text.now{fill:var(--ink);font-weight:700}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--info)}
.glance svg{min-width:15rem}
.wide th{white-space:nowrap}.wide td svg{min-width:12rem}
.history{padding-left:2rem}.history li{margin:.3rem 0}
.glance td{min-width:7rem}.glance td.step{min-width:15rem}
@media screen and (max-width:46rem){
thead{position:absolute;left:-99rem}
.wide table{min-width:0}
table,tbody,tr,th,td,caption{display:block;width:100%}
tr{border-bottom:1px solid var(--rule);padding:.7rem 0}
tbody th,td{border-bottom:0;padding:.15rem 0;text-align:left}
td[data-label]{display:inline-block;width:auto;margin-right:1rem}
td[data-label]::before{content:attr(data-label) " ";color:var(--faint)}
td.empty{display:none}
tbody th{font-size:1.05rem}}
@media print{
details::details-content{content-visibility:visible;display:block}
header,main,footer{max-width:none;padding:0}.skip,nav{display:none}
section.flag{break-before:page}tr,figure,.next,.note{break-inside:avoid}
a{color:inherit;text-decoration:none}.wide{overflow:visible}.wide table{min-width:0}
}
"""


def _variables(palette: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


def sheet() -> str:
    """The whole style sheet."""
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    rest = _SHEET.strip()
    return f":root{{{_variables(LIGHT)}}}{dark}\n{rest}"


def policy(style: str) -> str:
    """The Content-Security-Policy: this sheet, and nothing else from anywhere."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
