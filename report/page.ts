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

export function page({ title, header, contents, body, footer }: Page): string {
  const links = contents.map(({ id, heading }) => element('li', {}, element('a', { href: `#${id}` }, escapeText(heading))));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title>
<style>
${styleSheet()}</style>
</head>
<body>
<div class="page">
${header}
${element('nav', { 'aria-label': 'Contents' }, element('ul', {}, ...links))}
<main>
${body}
</main>
<footer>${escapeText(footer)}</footer>
</div>
</body>
</html>
`;
}
