/**
 * What a recording holds, against what its check reads. A field that nobody reads could change what the case means, and a field that is not there
 * would be compared with nothing: both are said in words, before anything is computed.
 */
import { Difference } from './compare.ts';
import type { Fields } from './recording.ts';

/** Said about a case, not part of it. */
const REMARKS: readonly string[] = ['id', 'kind', 'arithmetic', 'name', 'neuron', 'description', 'notes', 'note', 'comment', 'source'];

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** @param what names the object in the message, e.g. `parameters` */
export function onlyFields(value: Fields, known: readonly string[], what: string): void {
  if (isAbsent(value)) return;
  if (typeof value !== 'object' || Array.isArray(value)) throw new Difference(`${what} is ${JSON.stringify(value)}, not an object`);
  const unknown = Object.keys(value).filter((name) => !known.includes(name) && !REMARKS.includes(name) && !isAbsent(value[name]));
  if (unknown.length > 0) {
    throw new Difference(`${what} holds ${unknown.join(', ')}, which this check does not know; it knows ${known.join(', ')}`);
  }
}

export function neededFields(value: Fields, names: readonly string[], what: string): void {
  const missing = names.filter((name) => isAbsent(value?.[name]));
  if (missing.length > 0) throw new Difference(`${what} lacks ${missing.join(', ')}`);
}

/** Time series, a row per step: as long as the run each, and at least one of them. */
export function recordedSeries(expected: Fields, known: readonly string[], steps: number): void {
  onlyFields(expected, known, 'expected');
  const present = known.filter((name) => !isAbsent(expected?.[name]));
  if (present.length === 0) throw new Difference(`expected holds none of ${known.join(', ')}: nothing to compare`);
  if (!(steps > 0)) throw new Difference('the case has no steps');
  for (const name of present) {
    const rows = expected[name].length;
    if (rows !== steps) throw new Difference(`expected.${name} has ${rows} rows, the run ${steps} steps`);
  }
}

/** Cases of one file: a list that is not empty. */
export function eachCase(cases: Fields, known: readonly string[], check: (one: Fields, what: string) => void): void {
  if (!Array.isArray(cases) || cases.length === 0) throw new Difference('cases is not a list with cases in it');
  cases.forEach((one, n) => {
    const what = `case ${n + 1}`;
    onlyFields(one, known, what);
    check(one, what);
  });
}

/** One of several words. */
export function oneOf<T extends string>(value: Fields, choices: readonly T[], what: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Difference(`${what} is ${JSON.stringify(value)}; this check knows ${choices.join(', ')}`);
  return found;
}

/** Whether a case was recorded in floating point; in integers otherwise, which recordings call bit-accurate or bit-approximate. */
export function isFloatingPoint(arithmetic: Fields): boolean {
  const text = String(arithmetic ?? '');
  if (/floating_point/.test(text)) return true;
  if (/bit_ac|bit_ap|integer/.test(text)) return false;
  throw new Difference(`arithmetic is ${JSON.stringify(arithmetic)}; this check knows bit_accurate, bit_approximate, floating_point`);
}
