/**
 * Text to tokens. Dots and square brackets are read as part of a name, so that `hidden.v` or `w[3]` is refused by meaning ("not local")
 * and not as a stray character.
 */
import type { Span } from './diagnostics.ts';

export interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'newline' | 'end' | 'stray';
  readonly text: string;
  readonly span: Span;
}

/** The kinds of token in the order they are tried, and what each looks like: one group of the pattern each. Space is no token. */
const KINDS = ['space', 'newline', 'number', 'name', 'symbol', 'stray'] as const;
const TOKEN =
  /([ \t\r]+|#[^\n]*)|([\n;])|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)|(\+=|-=|\*=|\/=|<=|>=|==|!=|&&|\|\||\*\*|[-+*/^<>=?:,()[\]])|(.)/gsuy;

/** Ends with one `end` token at the length of the text. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const kind = KINDS[match.findIndex((group, n) => n > 0 && group !== undefined) - 1];
    const span = { start: match.index, end: match.index + match[0].length };
    if (kind !== 'space') tokens.push({ kind, text: match[0], span });
  }
  tokens.push({ kind: 'end', text: '', span: { start: text.length, end: text.length } });
  return tokens;
}
