/** `hillock verify`: every proof of a rule, or of all rules and of the teacher they are measured against. Exit code 4 when a check fails. */
import pc from 'picocolors';
import { EXIT } from '../core/errors.ts';
import type { Bar, Verdict } from '../experiments/verify/verdict.ts';
import { SUBJECTS } from '../experiments/verify/verify.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { entryNamed } from './catalogue.ts';
import { textTable } from './table.ts';

export interface VerifyOptions {
  readonly json?: boolean;
}

/** @param name a rule or `teacher`; all of them unless given */
export function verify(name: string | undefined, options: VerifyOptions, terminal: Terminal): Answer {
  const checks = (name === undefined ? Object.values(SUBJECTS) : [entryNamed('rule', SUBJECTS, name)]).flatMap((check) => check());
  return verifyAnswer(checks, name !== undefined, options, terminal);
}

/** @param atLength says under the table what each figure is, and where the claim comes from */
export function verifyAnswer(checks: readonly Verdict[], atLength: boolean, { json }: VerifyOptions, { colour }: Terminal): Answer {
  const failed = checks.filter(({ passes }) => !passes);
  const ok = failed.length === 0;
  const exitCode = ok ? EXIT.ok : EXIT.assertionFailed;
  if (json === true) {
    const message = `below the bar: ${failed.map(({ subject, name }) => `${subject}, ${name}`).join('; ')}`;
    return answer(jsonText('verify', ok, { ...(ok ? {} : { error: { code: 'E-VERIFY', message } }), checks }), '', exitCode);
  }
  const table = textTable(
    ['', 'rule', 'check', 'value', 'bar'],
    checks.map(({ passes, subject, name, value, bar }) => [passes ? 'ok' : 'FAILED', subject, name, shortNumber(value), barText(bar)]),
    colour,
  );
  const { bold, dim } = pc.createColors(colour);
  const details = checks
    .filter(({ passes }) => atLength || !passes)
    .map(({ name, what, source }) => `\n${bold(name)}: ${what}\n${dim(`  ${source}`)}\n`);
  return answer(`${table}${details.join('')}`, '', exitCode);
}

const shortNumber = (value: number): string => String(Number(value.toPrecision(4)));

function barText({ atLeast, atMost }: Bar): string {
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} … ${atMost}`;
  return atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
}
