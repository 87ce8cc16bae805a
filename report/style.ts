/**
 * The style sheet. Colours enter as custom properties, once for light and once for dark; print always uses light. Figures are drawn in
 * user units of one pixel, so the type sizes here are the sizes on the page as long as a figure is shown at its own width.
 */
import type { Scheme } from './palette.ts';
import { DARK, divergingColours, LIGHT } from './palette.ts';

/** Custom properties of a scheme. */
function properties(scheme: Scheme): string {
  const { paper, surface, ink, muted, rule, link, warn, bad, sequential } = scheme;
  const plain = Object.entries({ paper, surface, ink, muted, rule, link, warn, bad, sequential });
  const lists: [string, readonly string[]][] = [
    ['chip', scheme.chips],
    ['account', scheme.accounts],
    ['d', divergingColours(scheme)],
  ];
  const numbered = lists.flatMap(([name, colours]) => colours.map((colour, k) => [`${name}-${k}`, colour] as const));
  return [...plain, ...numbered].map(([name, colour]) => `--${name}:${colour};`).join('');
}

export function styleSheet(): string {
  const chips = LIGHT.chips.map((_, k) => `.chip-${k}{--chip:var(--chip-${k})}`).join('');
  const accounts = LIGHT.accounts.map((_, k) => `.account-${k}{fill:var(--account-${k});background:var(--account-${k})}`).join('');
  const diverging = divergingColours(LIGHT)
    .map((_, k) => `.d${k}{fill:var(--d-${k})}`)
    .join('');
  return `:root{${properties(LIGHT)}color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{${properties(DARK)}}}
${chips}
${accounts}
${diverging}
${LAYOUT}${FIGURES}${PRINT}`;
}

const LAYOUT = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
.page{max-width:1160px;margin:0 auto;padding:48px 24px 72px}
h1{font-size:clamp(1.55rem,1.1rem + 2vw,2.2rem);line-height:1.18;letter-spacing:-.015em;margin:.1em 0 .35em;font-weight:650;text-wrap:balance}
h2{font-size:1.32rem;line-height:1.3;letter-spacing:-.008em;margin:0 0 18px;font-weight:650}
h3{font-size:1rem;line-height:1.4;margin:28px 0 12px;font-weight:620}
h4{font-size:.9rem;line-height:1.4;margin:14px 0 6px;font-weight:600}
h3 small,h4 small{font-weight:400;color:var(--muted);margin-left:.7em;font-size:.85rem}
p{margin:0 0 .7em}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
pre code{font-size:inherit}
pre{background:var(--surface);border:1px solid var(--rule);border-radius:8px;padding:14px 16px;margin:0 0 16px;overflow:auto;max-height:34em;line-height:1.5}
.kicker{color:var(--muted);font-size:.86rem;letter-spacing:.02em;margin:0}
.summary{color:var(--muted);font-size:1.06rem;max-width:52em;margin-bottom:1.6em}
.verdict{border-left:4px solid var(--chip-1);padding:2px 0 2px 22px;margin:0 0 32px;max-width:56em}
.verdict p:last-child{margin:0}
.verdict p{text-wrap:pretty}
.lead{font-size:1.22rem;line-height:1.45;font-weight:560}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15em),1fr));gap:16px 32px;margin:0 0 20px}
dl div{min-width:0}
dt{color:var(--muted);font-size:.82rem}
dd{margin:2px 0 0}
dd small{display:block;color:var(--muted);font-size:.82rem;line-height:1.4}
dd .chip-name,dd .input{display:block}
.command{margin:0;white-space:pre-wrap}
nav{border-top:1px solid var(--rule);border-bottom:1px solid var(--rule);margin:32px 0 0;padding:12px 0}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 22px;margin:0;padding:0;font-size:.9rem}
nav a{text-decoration:none;display:inline-block;padding:3px 0}
nav a:hover{text-decoration:underline}
section{padding-top:56px}
figure{margin:0}
figcaption{color:var(--muted);font-size:.9rem;line-height:1.5;max-width:60em;margin-top:18px}
.data{display:inline-block;padding:0 .15em}
.note{color:var(--muted);font-size:.86rem;line-height:1.5;margin:10px 0 0;max-width:66em}
.note+pre{margin-top:10px}
.text-cards{align-items:start;margin-top:12px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,318px),1fr));gap:20px}
.card{background:var(--surface);border:1px solid var(--rule);border-radius:10px;padding:18px 18px 16px;min-width:0}
.card:only-child{max-width:500px;width:100%}
.card:only-child:has(.pair){max-width:none}
.card h3{margin:0 0 12px}
.card svg{max-width:430px}
.multiples{margin-top:24px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:10px 28px}
.pair h4{margin:0 0 6px}
.chip-name{display:inline-block;padding-left:1.12em;text-indent:-1.12em}
.word{white-space:nowrap}
.dot{display:inline-block;width:.62em;height:.62em;border-radius:50%;background:var(--chip);margin-right:.5em}
.box{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.45em;vertical-align:-.04em}
.stroke{display:inline-block;width:1.3em;border-top:2px solid var(--ink);margin-right:.5em;vertical-align:.28em}
.stroke.dashed{border-top-style:dashed}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;font-size:.88rem;margin:0 0 8px}
.legend b{font-weight:600}
.only-wide+.scroll,.legend+.scroll{margin-top:22px}
.scroll{overflow-x:auto;background:var(--surface);border:1px solid var(--rule);border-radius:10px}
table{border-collapse:collapse;width:100%;font-size:.93rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:12px 16px;border-bottom:1px solid var(--rule)}
tbody tr:last-child>*{border-bottom:0}
thead th{color:var(--muted);font-size:.82rem;font-weight:500;vertical-align:bottom}
tbody th{font-weight:600;min-width:9em}
td.num,th.num{text-align:right}
td.num{white-space:nowrap}
td small{display:block;color:var(--muted);font-size:.82rem;line-height:1.45}
.long{display:block;min-width:28em}
.hash{font-size:.78rem;overflow-wrap:anywhere}
details{margin:20px 0 0}
summary{cursor:pointer;color:var(--link);font-size:.93rem;padding:4px 0;margin-bottom:8px}
details table{font-size:.84rem}
details th,details td{padding:8px 12px}
.tag{display:inline-block;font-size:.76rem;line-height:1.5;padding:0 .55em;border:1px solid currentColor;border-radius:99px;color:var(--muted)}
.tag.error{color:var(--bad)}
.tag.warning,.tag.assumed{color:var(--warn)}
.findings,.caveats{margin:0;padding:0;list-style:none;font-size:.92rem}
.findings li{padding:0 0 12px}
.caveats li{padding:0 0 6px 1em;text-indent:-1em}
.caveats li::before{content:"– "}
.hint{color:var(--muted)}
footer{color:var(--muted);font-size:.84rem;border-top:1px solid var(--rule);margin-top:64px;padding-top:16px}
.only-narrow{display:none}
@media screen and (max-width:700px){
.page{padding:28px 16px 48px}
section{padding-top:44px}
.only-narrow{display:block}
.legend.only-narrow{display:flex}
.only-wide{display:none}
.card{padding:14px 12px}
.verdict{padding-left:16px}
.lead{font-size:1.1rem}
th,td{padding:10px 12px}
.scroll td:last-child:not(.num){min-width:15em}
.scroll tbody th{position:sticky;left:0;background:var(--surface);min-width:7.5em;max-width:9em}
}
`;

const FIGURES = `svg{display:block;width:100%;height:auto;overflow:visible;font-family:inherit}
svg text{fill:var(--ink);font-size:12px}
svg .tick{fill:var(--muted);font-size:11.5px;font-variant-numeric:tabular-nums}
svg .axis-name{fill:var(--muted);font-size:12px}
svg .direct,svg .label,svg .figure{font-size:13px}
svg .direct{font-weight:560}
svg .figure{fill:var(--muted);font-variant-numeric:tabular-nums}
svg .over{fill:var(--bad)}
svg .cell{font-size:11px;font-variant-numeric:tabular-nums}
.ordinate{color:var(--muted);font-size:.86rem;margin:0 0 4px}
.grid{stroke:var(--rule);stroke-width:1}
.axis{stroke:var(--muted);stroke-width:1}
.curve{fill:none;stroke:var(--chip);stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.leader{stroke:var(--chip);stroke-width:1;fill:none;opacity:.7}
.band{fill:var(--chip);fill-opacity:.14}
.solid{fill:var(--chip)}
.hollow{fill:var(--surface);stroke:var(--chip);stroke-width:1.6}
.interval{stroke:var(--chip);stroke-width:3;stroke-linecap:round}
svg.mark{width:120px;height:12px;margin:6px 0 0 auto}
svg.scale{max-width:380px;margin-bottom:14px}
.spikes{fill:none;stroke:var(--chip);stroke-linecap:butt}
.fill{fill:var(--chip);fill-opacity:.42;stroke:var(--chip);stroke-width:1}
.outline{fill:none;stroke:var(--ink);stroke-width:1.2;stroke-dasharray:4 3}
.comb{stroke:var(--ink);fill:none}
.cells{shape-rendering:crispEdges}
.error-bar{stroke:var(--chip);stroke-opacity:.5;stroke-width:1.4;fill:none}
.expected{fill:none;stroke:var(--ink);stroke-width:1.2}
.range{stroke:var(--ink);stroke-width:1.2}
.shade{fill:var(--sequential)}
.box-outline{fill:none;stroke:var(--rule)}
.trough{fill:var(--rule);fill-opacity:.7}
.bar{fill:var(--chip)}
.bar-over{fill:var(--bad)}
`;

const PRINT = `@page{margin:14mm}
@media print{
html{font-size:12.5px}
body{background:#fff;font-size:1rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.page{max-width:none;padding:0}
nav,.data{display:none}
details::details-content{content-visibility:visible;block-size:auto}
section{padding-top:26px}
h2,h3,h4{break-after:avoid}
.card,svg,tr,.verdict{break-inside:avoid}
figcaption,.note{break-before:avoid}
.cards{grid-template-columns:1fr 1fr;gap:12px}
.card{padding:12px}
.only-wide svg text{font-size:14.5px}
.only-wide svg .direct{font-size:13px}
.scale,.legend,.ordinate{break-after:avoid}
.scroll{overflow:visible}
pre{max-height:none;white-space:pre-wrap;overflow:visible}
th,td,details th,details td{padding:6px 8px}
td.num{white-space:normal}
.long{min-width:0}
}
`;
