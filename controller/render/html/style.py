"""How the page looks: two palettes, one sheet, and the policy that allows this sheet alone."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Final

LIGHT: Final = {
    "page": "#f3f4f7",
    "panel": "#ffffff",
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
    "page": "#0f1318",
    "panel": "#181d25",
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
font:.9375rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:74rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}footer{padding-bottom:2rem;color:var(--faint);font-size:.8125rem}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.015em;margin:0 0 1rem}
h2{font-size:1.25rem;line-height:1.3;letter-spacing:-.01em;margin:0 0 .75rem}
h3{font-size:1rem;line-height:1.4;margin:2rem 0 .5rem}
p{margin:.5rem 0}p,.next,.note,li{max-width:70rem}
ul{margin:.5rem 0;padding-left:1.2rem}li{margin:.2rem 0}
code{display:inline-block;max-width:100%;
font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
a{color:var(--info);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.wide:focus-visible{
outline:3px solid var(--info);outline-offset:3px;border-radius:.2rem}
.skip{position:absolute;left:-99rem}.skip:focus{position:static;display:inline-block;margin:.5rem}
.faint{color:var(--faint)}.small{font-size:.8125rem}
.card{background:var(--panel);border:1px solid var(--rule);border-radius:.6rem;
padding:1.25rem 1.5rem 1.5rem;margin:0 0 1.5rem}
.card>:last-child{margin-bottom:0}
.flag{border-top:.25rem solid var(--line)}
.e-good{border-top-color:var(--good)}.e-warn{border-top-color:var(--warn)}
.e-bad{border-top-color:var(--bad)}.e-info{border-top-color:var(--info)}
.facts{display:flex;flex-wrap:wrap;gap:.6rem 2.25rem;margin:.75rem 0 1.25rem;padding:0}
.facts dt{color:var(--faint);font-size:.8125rem;line-height:1.3}
.facts dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.info{color:var(--info)}
.mark{display:inline-block;border:1.5px solid currentColor;border-radius:1rem;padding:0 .6rem;
font-size:.75rem;font-weight:700;line-height:1.6;letter-spacing:.01em;white-space:nowrap}
h2 .mark{vertical-align:.2em;margin-left:.4rem}
.note{border-left:.25rem solid currentColor;border-radius:.2rem;
background:var(--page);padding:.4rem .9rem;margin:.75rem 0}
.note p,.note li{color:var(--ink);margin:.25rem 0}
.next{background:var(--page);border-radius:.4rem;padding:.6rem .9rem;margin:.9rem 0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--faint);padding:0 0 .6rem;font-size:.8125rem}
th,td{text-align:left;
vertical-align:top;padding:.7rem 1rem .7rem 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
tbody tr:last-child>*{border-bottom:0;padding-bottom:0}
thead th{color:var(--faint);font-weight:600;font-size:.8125rem;white-space:nowrap;
padding:.3rem 1rem .3rem 0}
tbody th{min-width:12.5rem}
thead .n,td.n{text-align:right}
.n{font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto;margin:.75rem 0}
.both{display:flex;flex-wrap:wrap;align-items:flex-start;gap:.25rem 1.5rem}
.both svg{flex:none}.both .why{flex:1 1 16rem;color:var(--faint);font-size:.8125rem}
.charts{display:grid;gap:1.5rem 2.5rem;
grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr))}
figure{margin:0;max-width:24rem}
figcaption{font-size:.8125rem;color:var(--faint);margin:0 0 .4rem}
figcaption strong{color:var(--ink);font-size:.9375rem}
svg{display:block;max-width:100%;height:auto;overflow:visible}
figure svg{width:100%}
.drawings{position:absolute;width:0;height:0}
text{fill:var(--faint);font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums;text-anchor:middle}
path{fill:none;stroke-width:2}
.l{text-anchor:start}
.r{text-anchor:end}
.dot,.hole,.now,.core,.mid{stroke-linecap:round}
.dot{stroke-width:12}
.hole{stroke-width:8}
.now{stroke-width:18}
.core{stroke-width:6}
.way{stroke-width:3}
.flat{stroke-width:12}
.bar{stroke-width:7;stroke-linecap:round}
.mid{stroke-width:9}
.thin{stroke-width:1.5}
.dash{stroke-dasharray:4 3}
.band{fill:var(--line);fill-opacity:.28}
text.good{fill:var(--good)}text.bad{fill:var(--bad)}
.s-panel{stroke:var(--panel)}
.s-rule{stroke:var(--rule)}
.s-line{stroke:var(--line)}
.s-ink{stroke:var(--ink)}
.s-good{stroke:var(--good)}
.s-bad{stroke:var(--bad)}
.s-info{stroke:var(--info)}
.s-warn{stroke:var(--warn)}
text.here{fill:var(--ink);font-weight:700}
details{margin:.5rem 0;border-top:1px solid var(--rule);padding-top:.5rem}
summary{cursor:pointer;color:var(--info);font-weight:600;padding:.15rem 0}
.history{list-style:none;margin:.75rem 0;padding:0}
.history>li{position:relative;margin:0;padding:0 0 1rem 1.4rem;border-left:2px solid var(--rule)}
.history>li:last-child{padding-bottom:0}
.history>li::before{content:"";position:absolute;left:-7px;top:.35rem;width:12px;height:12px;
border-radius:50%;border:2.5px solid var(--panel);background:var(--line)}
.history ul{list-style:none;margin:.1rem 0 0;padding:0}
.history strong{font-variant-numeric:tabular-nums}
.glance tbody th{font-size:1rem;min-width:14rem}
.key{display:block}th .key+.mark{margin-top:.2rem}.glance td svg{max-width:none}
.glance thead th:last-child{width:30%}.glance td>.small{margin-top:.15rem}
"""
_STACKED: Final = """
@media screen and (max-width:WIDTH){
KIND{overflow:visible}
KIND thead{position:absolute;left:-99rem}
KIND :is(table,tbody,tr,th,td,caption){display:block;width:100%}
KIND tr{border-bottom:1px solid var(--rule);padding:.9rem 0}
KIND tbody tr:last-child{border-bottom:0;padding-bottom:0}
KIND tbody :is(th,td){border-bottom:0;padding:.15rem 0;text-align:left;min-width:0}
KIND td[data-label]{display:inline-block;width:auto;margin-right:1.25rem}
KIND td[data-label]::before{content:attr(data-label) " ";color:var(--faint)}
KIND td.empty{display:none}
.crit .key,.crit th .mark{display:inline-block;margin-right:.4rem}}
"""
"""Rows as blocks, for tables of a kind, where the window is not wider than so much."""
_ROOMS: Final = {".wide": "46rem", ".wide:is(.glance,.crit,.log)": "66rem"}
"""How much room tables need, by kind."""
_SMALL: Final = """
@media screen and (min-width:40.01rem) and (max-width:66rem){
.wide.glance tr{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.5fr);gap:.3rem 2rem}
.glance th{grid-area:1/1}.glance td.rungs{grid-area:1/2}
.glance td.judged{grid-area:2/1}.glance td.step{grid-area:2/2}}
@media screen and (max-width:40rem){
.glance .key,.glance th .mark{display:inline-block;margin-right:.4rem}
header,main,footer{padding-left:1rem;padding-right:1rem}
header{padding-top:1.25rem}h1{font-size:1.5rem}
.card{padding:1rem;margin-left:-.5rem;margin-right:-.5rem}
.facts{gap:.5rem 1.5rem}
}
@media print{
@page{margin:14mm}
html{color-scheme:light;font-size:9.5pt}body{background:#fff}
details::details-content{content-visibility:visible;display:block}
header,main,footer{max-width:none;padding:0}.skip,nav,.back{display:none}
.card{background:none;border-width:1px 0 0;border-radius:0;padding:.6rem 0}
.note,.next{background:none;border:1px solid var(--rule);border-left:.25rem solid currentColor}
.flag{break-before:page}tr,figure,.next,.note,.history>li{break-inside:avoid}
h2,h3,caption,summary{break-after:avoid}
a{color:inherit;text-decoration:none}.wide{overflow:visible}
th,td,thead th{padding-right:.5rem}.wide tbody th{min-width:10rem}.glance td svg{width:14rem}
.both svg{width:11rem}
}
"""


def _variables(palette: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


def sheet() -> str:
    """The whole style sheet."""
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    stacked = (
        _STACKED.strip().replace("KIND", kind).replace("WIDTH", width)
        for kind, width in _ROOMS.items()
    )
    rest = "\n".join((_SHEET.strip(), *stacked, _SMALL.strip()))
    return f":root{{{_variables(LIGHT)}}}{dark}\n{rest}"


def policy(style: str) -> str:
    """The Content-Security-Policy: this sheet, and nothing else from anywhere."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
