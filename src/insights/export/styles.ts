// How a told session looks as a file of its own: the page's paper and ink, by day and by night, and on paper.
export const STYLES = `
:root{color-scheme:light dark;--paper:#fcfcfa;--raised:#fff;--ink:#191b22;--ink-2:#4c505c;--ink-3:#656a76;--line:#e4e4dd;--accent:#2436c4;--bad:#b3261e;--good:#1c6b3c;--good-wash:#e6f3ea;--bad-wash:#fbeceb}
@media (prefers-color-scheme:dark){:root{--paper:#14161c;--raised:#1a1d24;--ink:#e8e8e3;--ink-2:#b6bac4;--ink-3:#949aa7;--line:#282c36;--accent:#a3b1ff;--bad:#ff9b92;--good:#86d3a1;--good-wash:#182b20;--bad-wash:#351e1d}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:400 15px/1.6 -apple-system,"Segoe UI",Cantarell,Ubuntu,"Noto Sans","Liberation Sans",system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main{max-width:50rem;margin:0 auto;padding:3rem 1.5rem 5rem}
h1,h2,.prompt,.story,.sentence{font-family:"Iowan Old Style",Charter,"Palatino Linotype",Palatino,ui-serif,Georgia,"Noto Serif","Liberation Serif",serif;font-weight:400}
h1{margin:0;font-size:2.1rem;line-height:1.2;text-wrap:balance}
h2{margin:0;font-size:1.35rem;line-height:1.35}
h2 a{display:inline-block;min-width:2.2rem;color:var(--ink-3);text-decoration:none}
p{margin:.5rem 0;white-space:pre-wrap}
.story{margin:.9rem 0 1.4rem;font-size:1.1rem;color:var(--ink-2)}
dl{margin:0;border-top:1px solid var(--line)}
dl div{display:grid;grid-template-columns:7rem 1fr;gap:1rem;padding:.3rem 0;border-bottom:1px solid var(--line);font-size:.85rem}
dt,.facts,.note,.result summary,footer{color:var(--ink-3)}
dd{margin:0}
nav{margin-top:2rem;font-size:.9rem}
nav ol{margin:0;padding-left:2.2rem}
nav a{color:var(--accent);text-decoration:none}
nav a:hover{text-decoration:underline}
.turn{margin-top:3.2rem;padding-top:1.2rem;border-top:1px solid var(--ink-3)}
.facts{margin:.15rem 0 .9rem;font-size:.8rem}
.prompt{margin:.8rem 0;padding-left:1rem;border-left:2px solid var(--accent);font-size:1.1rem}
.sentence{font-size:1.15rem;line-height:1.5}
.said{margin:1rem 0}
.error{margin:1rem 0;padding:.4rem 1rem;border-left:2px solid var(--bad);background:var(--bad-wash)}
.mark{margin:1.4rem 0;color:var(--ink-3);font-style:italic;text-align:center}
.thought{color:var(--ink-2);font-style:italic}
.note,footer{font-size:.8rem}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line)}
details,p.call,p.result{margin:.4rem 0;font-size:.88rem}
summary{cursor:pointer}
summary:hover{color:var(--accent)}
.call i{color:var(--ink-3)}
.failed summary,p.failed{color:var(--bad)}
.result{margin-left:1.1rem}
.lane{margin:1rem 0;padding-left:1rem;border-left:1px solid var(--line)}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.86em}
pre{margin:.4rem 0;padding:.6rem .8rem;max-height:32rem;overflow:auto;border:1px solid var(--line);border-radius:7px;background:var(--raised);white-space:pre-wrap}
.diff ins{background:var(--good-wash);color:var(--good);text-decoration:none}
.diff del{background:var(--bad-wash);color:var(--bad);text-decoration:none}
@media (max-width:40rem){main{padding:1.5rem 1rem 3rem}dl div{grid-template-columns:5rem 1fr}}
@media print{body{background:#fff;color:#000}pre{max-height:none}.turn{break-inside:auto}}
`
