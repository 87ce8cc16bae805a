/** `hillock verify`: every proof of a rule, or of all rules and of the teacher they are measured against. Exit code 4 when a check fails. */
import { join } from 'node:path';
import pc from 'picocolors';
import type { Problem } from '../core/errors.ts';
import { EXIT, UserError } from '../core/errors.ts';
import { requireWritable, writeWhole } from '../experiments/run-store.ts';
import type { Curve } from '../experiments/verify/curve.ts';
import type { Verdict } from '../experiments/verify/verdict.ts';
import { barInWords, valueInWords } from '../experiments/verify/verdict.ts';
import { SUBJECTS } from '../experiments/verify/verify.ts';
import { renderVerification } from '../report/render-verification.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { entryNamed } from './catalogue.ts';
import { shellWord } from './option-values.ts';
import { textTable } from './table.ts';
import { REPORT_FILE } from './write-results.ts';

export interface VerifyOptions {
  readonly json?: boolean;
  /** Folder of the report; nothing is written without. */
  readonly out?: string;
}

/** @param name a rule or `teacher`; all of them unless given */
export function verify(name: string | undefined, options: VerifyOptions, terminal: Terminal): Answer {
  const subjects = asked(name, options);
  if (options.out !== undefined) requireWritable(options.out);
  const checks = subjects.flatMap((check) => check());
  const report = options.out === undefined ? undefined : join(options.out, REPORT_FILE);
  if (options.out !== undefined && report !== undefined) {
    const words = ['hillock', 'verify', ...(name === undefined ? [] : [name]), '--out', shellWord(options.out)];
    writeWhole(report, renderVerification(checks, words.join(' ')));
  }
  return verifyAnswer(checks, { atLength: name !== undefined, report }, options, terminal);
}

/** What is to be verified, with all that is wrong about the command line said at once. */
function asked(name: string | undefined, { out }: VerifyOptions): (() => Verdict[])[] {
  const problems: Problem[] = [];
  let subjects = Object.values(SUBJECTS);
  try {
    if (name !== undefined) subjects = [entryNamed('rule', SUBJECTS, name)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
  }
  if (out === '') problems.push({ code: 'E-RANGE', message: '--out is empty, but needs the path of a folder' });
  if (problems.length > 0) throw new UserError(problems);
  return subjects;
}

export interface Saying {
  /** Says under the table what each figure is, where the claim comes from, and how its curves go. */
  readonly atLength: boolean;
  /** Path of the report that was written. */
  readonly report?: string;
}

export function verifyAnswer(
  checks: readonly Verdict[],
  { atLength, report }: Saying,
  { json }: VerifyOptions,
  { colour }: Terminal,
): Answer {
  const failed = checks.filter(({ passes }) => !passes);
  const ok = failed.length === 0;
  const exitCode = ok ? EXIT.ok : EXIT.assertionFailed;
  if (json === true) {
    const message = `below the bar: ${failed.map(({ subject, name }) => `${subject}, ${name}`).join('; ')}`;
    const content = { ...(ok ? {} : { error: { code: 'E-VERIFY', message } }), checks, ...(report === undefined ? {} : { report }) };
    return answer(jsonText('verify', ok, content), '', exitCode);
  }
  const table = textTable(
    ['', 'rule', 'check', 'value', 'bar'],
    checks.map((check) => [check.passes ? 'ok' : 'FAILED', check.subject, check.name, valueInWords(check), barInWords(check)]),
    colour,
  );
  const { bold, dim } = pc.createColors(colour);
  const details = checks
    .filter(({ passes }) => atLength || !passes)
    .map(({ name, what, source, curves }) => `\n${bold(name)}: ${what}\n${dim(`  ${source}`)}\n${curves.map(curveInWords).join('')}`);
  return answer(`${table}${details.join('')}${report === undefined ? '' : `\nreport  ${report}\n`}`, '', exitCode);
}

/** Points of a line that are printed. */
const PRINTED = 5;

/** A row per measured line: `layer 1  90.4 → 68.3 → 59.4 → 56.5 °`, and what it runs over. */
function curveInWords({ lines, x, y }: Curve): string {
  const measured = lines.filter(({ style }) => style !== 'expected');
  const width = Math.max(...measured.map(({ label }) => label.length));
  return measured
    .map((line) => {
      const last = line.x.length - 1;
      const steps = Math.min(PRINTED - 1, last);
      const at = Array.from({ length: steps + 1 }, (_, n) => (steps === 0 ? 0 : Math.round((n * last) / steps)));
      const values = at.map((k) => String(Number(line.y[k].toPrecision(3))));
      const unit = y.unit === '' ? '' : ` ${y.unit}`;
      const over = `${x.label} ${line.x[0]} … ${line.x[last]}${x.unit === '' ? '' : ` ${x.unit}`}`;
      return `  ${line.label.padEnd(width)}  ${values.join(' → ')}${unit}  (${over})\n`;
    })
    .join('');
}
