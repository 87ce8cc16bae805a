/** What `rules`, `chips`, `devices` and `scenarios` have in common: `list` every name with a line about it, `show` one of them in full. */
import { didYouMean, UserError } from '../core/errors.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { textTable } from './table.ts';

export interface CatalogueOptions {
  readonly json?: boolean;
}

export interface Catalogue<T> {
  /** The verb, and what one entry is called, e.g. `rules`, `rule`. */
  readonly verb: string;
  readonly noun: string;
  readonly entries: Readonly<Record<string, T>>;
  /** What the list says of an entry, by column. */
  readonly row: (entry: T) => Readonly<Record<string, string>>;
  /** Everything about an entry: as data, and as text. */
  readonly data: (entry: T) => object;
  /** What --json gives beside that, e.g. what was worked out about it. */
  readonly more?: (entry: T) => object;
  readonly text: (entry: T) => string;
}

export function consult<T>(
  catalogue: Catalogue<T>,
  action: string,
  name: string | undefined,
  options: CatalogueOptions,
  terminal: Terminal,
): Answer {
  if (action === 'list' && name === undefined) return list(catalogue, options, terminal);
  if (action === 'show' && name !== undefined) return show(catalogue, name, options);
  const { verb, noun, entries } = catalogue;
  const message =
    action === 'show'
      ? `show needs the name of a ${noun} (${Object.keys(entries).join(', ')})`
      : `"${[action, name].filter(Boolean).join(' ')}" is neither list nor show`;
  throw new UserError({ code: 'E-USAGE', message, hint: `try: hillock ${verb} list, or hillock ${verb} show <name>` });
}

function list<T>({ verb, entries, row }: Catalogue<T>, options: CatalogueOptions, terminal: Terminal): Answer {
  const rows = Object.entries(entries).map(([name, entry]) => ({ name, ...row(entry) }));
  if (options.json === true) return answer(jsonText(verb, true, { [verb]: rows }));
  return answer(textTable(Object.keys(rows[0]), rows.map(Object.values<string>), terminal.colour));
}

function show<T>({ verb, noun, entries, data, more, text }: Catalogue<T>, name: string, options: CatalogueOptions): Answer {
  const entry = entryNamed(noun, entries, name);
  return answer(options.json === true ? jsonText(verb, true, { [noun]: data(entry), ...more?.(entry) }) : text(entry));
}

/** An entry, or an error that names the nearest and all there are. @param noun what an entry is called */
export function entryNamed<T>(noun: string, entries: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(entries, name)) return entries[name];
  const names = Object.keys(entries);
  const near = didYouMean(name, names);
  const suggestion = near === undefined ? '' : ` - did you mean "${near}"?`;
  throw new UserError({
    code: `E-${noun.toUpperCase()}`,
    message: `unknown ${noun} "${name}"${suggestion} (${names.join(', ')})`,
    got: name,
  });
}

/** `key  value` lines under a title; nested objects are indented. */
export function outline(title: string, fields: object): string {
  return `${title}\n${fieldLines(fields, '  ')}`;
}

function fieldLines(fields: object, indent: string): string {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...shown.map(([key, value]) => (isNested(value) ? 0 : key.length)));
  return shown
    .map(([key, value]) => {
      if (isNested(value)) return `${indent}${key}\n${fieldLines(value, `${indent}  `)}`;
      const [first, ...more] = plain(value).split('\n');
      const hanging = more.map((line) => `${indent}${' '.repeat(width + 2)}${line}\n`).join('');
      return `${indent}${key.padEnd(width)}  ${first}\n${hanging}`;
    })
    .join('');
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(Array.isArray(value) && value.every((item) => typeof item !== 'object'));
}

function plain(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.some((item) => String(item).length > 40) ? value.join('\n') : value.join(', ');
}
