/** The live page: one file with its style and script inside. A content policy lets it run this script and connect to its own server, and nothing else. */

import script from 'text:./client.js';
import { createHash } from 'node:crypto';
import { framed } from '../page.ts';
import { styleSheet } from '../style.ts';
import { escapeText } from '../svg.ts';

const STYLE = `.live-head{display:flex;flex-wrap:wrap;gap:4px 28px;align-items:baseline;margin:0 0 14px}
.live-head b{font-variant-numeric:tabular-nums;font-weight:600}
.live-head span{color:var(--muted)}
progress{width:100%;height:10px;accent-color:var(--chip-1)}
.card progress{height:6px}
.card h3{display:flex;justify-content:space-between;gap:12px}
.card h3 small{font-variant-numeric:tabular-nums}
.card h4{color:var(--muted);font-weight:400;margin:12px 0 4px}
.live-end{border-left:4px solid var(--chip-1);padding-left:16px}
svg .line{fill:none;stroke:var(--chip-1);stroke-width:2}
svg .bars{fill:var(--chip-1)}
svg .dots{fill:none;stroke:var(--ink);stroke-width:2;stroke-linecap:round}
svg .frame{fill:none;stroke:var(--rule)}
`;

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export function livePage(title: string): string {
  return framed({
    title,
    policy: `default-src 'none'; script-src ${sha256(script)}; style-src 'unsafe-inline'; connect-src 'self'`,
    style: styleSheet() + STYLE,
    body: `<div class="page">
<header>
<p class="kicker">hillock, live</p>
<h1>${escapeText(title)}</h1>
<p id="end" class="live-end" hidden></p>
<p class="live-head" id="facts"><span>waiting for the first sample</span></p>
<progress id="all" max="1" value="0" aria-label="Progress of all runs"></progress>
</header>
<main class="cards multiples" id="runs"></main>
<p class="note" id="more"></p>
</div>
<script>${script}</script>`,
  });
}
