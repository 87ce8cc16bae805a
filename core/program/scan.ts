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

const PATTERNS = [
  ['space', /[ \t\r]+|#[^\n]*/y],
  ['newline', /[\n;]/y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y],
  ['symbol', /\+=|-=|\*=|\/=|<=|>=|==|!=|&&|\|\||\*\*|[-+*/^<>=?:,()[\]]/y],
  ['stray', /./uy],
] as const;

/** Ends with one `end` token at the length of the text. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    for (const [kind, pattern] of PATTERNS) {
      const match = new RegExp(pattern).exec(text.slice(at));
      if (!match) continue;
      const span = { start: at, end: at + match[0].length };
      if (kind !== 'space') tokens.push({ kind, text: match[0], span });
      at = span.end;
      break;
    }
  }
  tokens.push({ kind: 'end', text: '', span: { start: text.length, end: text.length } });
  return tokens;
}
