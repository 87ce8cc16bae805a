/** `hillock check`: does the experiment fit the chip? Every finding of the design rules, worst first, with nothing run. Exit code 3 when not. */
import pc from 'picocolors';
import type { ChipBackend, Placement, Violation } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { EXIT } from '../core/errors.ts';
import { checkDeployment } from '../core/plan/build-plan.ts';
import { chipTable } from '../experiments/chips.ts';
import { networkOf } from '../experiments/run-experiment.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import type { ExperimentOptions } from './load-experiment.ts';
import { loadExperiment } from './load-experiment.ts';

export interface CheckOptions extends Pick<ExperimentOptions, 'rule' | 'chip' | 'data'> {
  readonly json?: boolean;
  /** Warnings count as errors. */
  readonly strict?: boolean;
}

interface ChipCheck {
  readonly chip: string;
  readonly title: string;
  readonly fits: boolean;
  readonly findings: readonly Violation[];
  readonly placement: Placement;
}

const SEVERITIES = ['error', 'warning', 'info'] as const;
type Severity = (typeof SEVERITIES)[number];

export async function check(source: string, options: CheckOptions, terminal: Terminal): Promise<Answer> {
  const problems: Problem[] = [];
  const { experiment, rule, chips, seed } = await loadExperiment(source, options, terminal, { chips: Object.keys(chipTable) }, problems);
  const network = networkOf(experiment, rule, seed);
  const checks = chips.map((chip) => checkOn(chip, checkDeployment(network, chip), options.strict === true));
  const fits = checks.every((one) => one.fits);
  const exitCode = fits ? EXIT.ok : EXIT.doesNotFit;
  if (options.json === true) {
    const where = checks.filter((one) => !one.fits).map(({ chip }) => chip);
    const error = fits ? {} : { error: { code: 'E-DOES-NOT-FIT', message: `${experiment.name} does not fit ${where.join(', ')}` } };
    return answer(jsonText('check', fits, { scenario: experiment.name, rule: rule.name, ...error, results: checks }), '', exitCode);
  }
  return answer(checks.map((one) => inWords(one, terminal.colour)).join(''), '', exitCode);
}

function checkOn({ profile }: ChipBackend, { findings, placement }: ReturnType<typeof checkDeployment>, strict: boolean): ChipCheck {
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  const fatal = (severity: Severity): boolean => severity === 'error' || (strict && severity === 'warning');
  return { chip: profile.name, title: profile.title, fits: !sorted.some(({ severity }) => fatal(severity)), findings: sorted, placement };
}

function inWords({ chip, fits, findings, placement }: ChipCheck, colour: boolean): string {
  const { bold, red, yellow, dim, green } = pc.createColors(colour);
  const paint = { error: red, warning: yellow, info: dim };
  const width = Math.max(0, ...findings.map(({ code }) => code.length));
  const lines = findings.flatMap(({ severity, code, message, excerpt, hint }) => [
    `  ${paint[severity](code.padEnd(width))}  ${message}`,
    ...(excerpt === undefined ? [] : excerpt.split('\n').map((line) => `  ${line}`)),
    ...(hint === undefined ? [] : [`    -> ${hint.replaceAll('\n', '\n    ')}`]),
  ]);
  const counts = SEVERITIES.map((severity) => countText(findings.filter((finding) => finding.severity === severity).length, severity));
  const verdict = fits ? green('fits') : red('does not fit');
  const found = counts.filter((text) => text !== '').join(', ');
  return `${bold(chip)}  ${verdict}${found === '' ? '' : `: ${found}`}  (${placement.summary})\n${lines.map((line) => `${line}\n`).join('')}`;
}

function countText(n: number, severity: Severity): string {
  if (n === 0) return '';
  const noun = severity === 'info' ? 'note' : severity;
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
