/**
 * Reads JSON and remembers where each value stood, so that a problem found later in a field can name the line and column of that field.
 * The language is exactly that of JSON.parse (RFC 8259), except that a key given twice in one object is an error - one of the two would
 * silently be lost -, that nesting ends at 200 levels, and that a byte-order mark at the start is passed over.
 */
import type { Place, Problem } from './errors.ts';

export interface JsonDocument {
  readonly value: unknown;
  /** Place of the value at a path such as `populations[1].tauMem`; for a path that is not there, of the innermost value around it. */
  readonly placeOf: (path: string) => Place & { readonly line: number; readonly column: number };
}

/** Path of a field of the value at `path`; the path of the whole document is ''. */
export function fieldPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Path of an item of the list at `path`. */
export function itemPath(path: string, index: number): string {
  return `${path}[${index}]`;
}

/** Deeper nesting is no experiment but a slip or an attack on the stack. */
const MAX_DEPTH = 200;

const WORDS: readonly (readonly [word: string, value: boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Thrown and caught in this file only: a JSON text stops at its first fault. */
class Fault extends Error {
  readonly code: string;
  readonly at: number;

  constructor(at: number, message: string, code = 'E-JSON') {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** The document, or the first thing wrong with it. `file` is only named in places. */
export function parseJsonWithPlaces(text: string, file: string): JsonDocument | Problem {
  const lineStarts = [0];
  for (const lineBreak of text.matchAll(/\r\n|\r|\n/g)) lineStarts.push(lineBreak.index + lineBreak[0].length);
  const place = (at: number): Place & { line: number; column: number } => {
    const line = lineStarts.findLastIndex((start) => start <= at);
    return { file, line: line + 1, column: at - lineStarts[line] + 1 };
  };
  const inWords = (at: number): string => `line ${place(at).line}, column ${place(at).column}`;
  const offsets = new Map<string, number>();
  try {
    const value = readDocument(text, offsets, inWords);
    return { value, placeOf: (path) => place(offsetOf(path, offsets)) };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const where = place(fault.at);
    const sourceLine = text.slice(lineStarts[where.line - 1], lineStarts[where.line]).replace(/[\r\n]+$/, '');
    return {
      code: fault.code,
      message: `${inWords(fault.at)}: ${fault.message}`,
      where,
      excerpt: excerptOf(sourceLine, where.column),
    };
  }
}

/** The source line, cut to what fits a terminal, with a caret under the column. */
function excerptOf(line: string, column: number): string {
  const from = Math.max(0, column - 60);
  const before = line.slice(from, column - 1).replace(/\t/g, ' ');
  return `    ${before}${line.slice(column - 1, from + 100).replace(/\t/g, ' ')}\n    ${' '.repeat(before.length)}^`;
}

function offsetOf(path: string, offsets: ReadonlyMap<string, number>): number {
  for (let end = path.length; end > 0; end--) {
    const isWholeStep = end === path.length || path[end] === '.' || path[end] === '[';
    const offset = isWholeStep ? offsets.get(path.slice(0, end)) : undefined;
    if (offset !== undefined) return offset;
  }
  return offsets.get('') ?? 0;
}

function readDocument(text: string, offsets: Map<string, number>, inWords: (at: number) => string): unknown {
  const space = /[ \t\r\n]*/y;
  const plainNumber = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  let at = text.startsWith('\ufeff') ? 1 : 0;

  /** Text matched by a sticky expression at the present place, which moves behind it. */
  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const taken = pattern.exec(text)?.[0];
    if (taken !== undefined) at += taken.length;
    return taken;
  }

  function found(): string {
    if (at >= text.length) return 'the end of the text';
    const word = /[\w$]+/y;
    word.lastIndex = at;
    return JSON.stringify(word.exec(text)?.[0].slice(0, 20) ?? String.fromCodePoint(text.codePointAt(at) as number));
  }

  function expected(what: string): Fault {
    return new Fault(at, `expected ${what}, found ${found()}`);
  }

  function readValue(path: string, depth: number, what: string): unknown {
    if (depth > MAX_DEPTH) throw new Fault(at, `nested more than ${MAX_DEPTH} levels deep`);
    offsets.set(path, at);
    const first = text[at];
    if (first === '{') return readObject(path, depth);
    if (first === '[') return readList(path, depth);
    if (first === '"') return readString();
    for (const [word, value] of WORDS) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value;
      }
    }
    const number = take(plainNumber);
    if (number === undefined) throw expected(what);
    return Number(number);
  }

  function readObject(path: string, depth: number): unknown {
    const fields: [string, unknown][] = [];
    const keyOffsets = new Map<string, number>();
    at++;
    take(space);
    if (text[at] === '}') {
      at++;
      return {};
    }
    for (let closing = ' or "}"'; ; closing = '') {
      if (text[at] !== '"') throw expected(`a key in double quotes${closing}`);
      const keyAt = at;
      const key = readString();
      const earlier = keyOffsets.get(key);
      if (earlier !== undefined)
        throw new Fault(keyAt, `the key ${JSON.stringify(key)} was already given at ${inWords(earlier)}`, 'E-DUPLICATE-KEY');
      keyOffsets.set(key, keyAt);
      take(space);
      if (text[at] !== ':') throw expected('":" after the key');
      at++;
      take(space);
      fields.push([key, readValue(fieldPath(path, key), depth + 1, 'a value')]);
      take(space);
      const next = text[at];
      if (next !== ',' && next !== '}') throw expected('"," or "}"');
      at++;
      // fromEntries makes even "__proto__" a plain field.
      if (next === '}') return Object.fromEntries(fields);
      take(space);
    }
  }

  function readList(path: string, depth: number): unknown {
    const items: unknown[] = [];
    at++;
    take(space);
    if (text[at] === ']') {
      at++;
      return items;
    }
    for (let what = 'a value or "]"'; ; what = 'a value') {
      items.push(readValue(itemPath(path, items.length), depth + 1, what));
      take(space);
      const next = text[at];
      if (next !== ',' && next !== ']') throw expected('"," or "]"');
      at++;
      if (next === ']') return items;
      take(space);
    }
  }

  function readString(): string {
    at++;
    let value = '';
    for (;;) {
      const from = at;
      while (at < text.length && text[at] !== '"' && text[at] !== '\\' && text[at] >= ' ') at++;
      value += text.slice(from, at);
      const next = text[at];
      if (next === '"') {
        at++;
        return value;
      }
      if (next !== '\\')
        throw expected(at < text.length ? 'a closing quote before the end of the line, or an escape such as \\n' : 'a closing quote');
      value += readEscape();
    }
  }

  function readEscape(): string {
    const letter = text[at + 1] ?? '';
    if (letter === 'u') {
      const digits = text.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new Fault(at, 'expected four hexadecimal digits after \\u');
      at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (!Object.hasOwn(ESCAPES, letter))
      throw new Fault(at, `expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u, found ${JSON.stringify(`\\${letter}`)}`);
    at += 2;
    return ESCAPES[letter];
  }

  take(space);
  const value = readValue('', 0, 'a value');
  take(space);
  if (at < text.length) throw expected('the end of the text');
  return value;
}
