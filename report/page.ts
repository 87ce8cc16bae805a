/** The HTML page around the panels: head, contents, footer. A content policy forbids every load, so the file proves that it is self-contained. */
import { styleSheet } from './style.ts';
import { element, escapeText } from './svg.ts';

export interface Page {
  readonly title: string;
  /** Markup. */
  readonly header: string;
  readonly contents: readonly { readonly id: string; readonly heading: string }[];
  /** Markup. */
  readonly body: string;
  readonly footer: string;
}

export interface Frame {
  readonly title: string;
  /** What the page may load and run, as a content policy. */
  readonly policy: string;
  /** Style sheet. */
  readonly style: string;
  /** Markup. */
  readonly body: string;
}

/** What every page of ours has around it. */
export function framed({ title, policy, style, body }: Frame): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeText(title)}</title>
<style>
${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export function page({ title, header, contents, body, footer }: Page): string {
  const links = contents.map(({ id, heading }) => element('li', {}, element('a', { href: `#${id}` }, escapeText(heading))));
  return framed({
    title,
    policy: "default-src 'none'; style-src 'unsafe-inline'",
    style: styleSheet(),
    body: `<div class="page">
${header}
${element('nav', { 'aria-label': 'Contents' }, element('ul', {}, ...links))}
<main>
${body}
</main>
<footer>${escapeText(footer)}</footer>
</div>`,
  });
}
