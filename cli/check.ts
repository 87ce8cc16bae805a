/** `hillock check`: does the experiment fit the chip? Every finding of the design rules, worst first, with nothing run (but a few samples with --probe): room, time, the rule as the
 * chip holds it, and with --fix the nearest rule that fits. Exit code 3 when not. */
import pc from 'picocolors';
import type { ChipBackend, DiscretisedParameter, NearestRule, Placement, StepTiming, Violation } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { EXIT } from '../core/errors.ts';
import { buildPlan, checkDeployment } from '../core/plan/build-plan.ts';
import { chipTable } from '../experiments/chips.ts';
import { networkOf } from '../experiments/plan-runs.ts';
import { probe } from '../experiments/probe.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { roomText, ruleText, scaleText, timeText } from './check-text.ts';
import type { ExperimentOptions } from './load-experiment.ts';
import { loadExperiment } from './load-experiment.ts';
import { wholeNumber } from './option-values.ts';

export interface CheckOptions extends Pick<ExperimentOptions, 'rule' | 'chip' | 'data'> {
  readonly json?: boolean;
  /** Warnings count as errors. */
  readonly strict?: boolean;
  /** Samples of a short run that looks at ranges. */
  readonly probe?: string;
  /** Print the nearest rule that fits. */
  readonly fix?: boolean;
}

interface ChipCheck {
  readonly chip: string;
  readonly title: string;
  readonly fits: boolean;
  readonly findings: readonly Violation[];
  readonly placement: Pick<Placement, 'uses' | 'routes' | 'summary'>;
  /** Ticks of an idle network and the longest possible, where the chip has figures. */
  readonly timing?: StepTiming;
  /** Parameters and weights in the chip's numbers, where it has its own. */
  readonly discretised?: readonly DiscretisedParameter[];
  readonly rules: readonly CheckedProjection[];
}

/** One plastic projection: its rule as the chip holds it, and with --fix the nearest one that fits (null if there is none). */
export interface CheckedProjection {
  readonly projection: string;
  readonly onChip?: string;
  readonly nearest?: NearestRule | null;
}

/** A probe is meant to be short. */
const MOST_SAMPLES = 1000;

const SEVERITIES = ['error', 'warning', 'info'] as const;
type Severity = (typeof SEVERITIES)[number];

export async function check(source: string, options: CheckOptions, terminal: Terminal): Promise<Answer> {
  const problems: Problem[] = [];
  const samples = wholeNumber('--probe', options.probe, { min: 1, max: MOST_SAMPLES }, problems);
  const { experiment, rule, chips, seed, data } = await loadExperiment(
    source,
    options,
    terminal,
    { chips: Object.keys(chipTable), leaveNotation: true },
    problems,
  );
  const network = networkOf(experiment, rule, seed, data);
  const checks = chips.map((chip) => {
    const deployment = checkDeployment(network, chip);
    const fitsAtAll = deployment.findings.every(({ severity }) => severity !== 'error');
    if (samples === undefined || !fitsAtAll || chip.probeFindings === undefined) return checkOn(chip, deployment, options);
    const ranges = chip.probeFindings(probe(buildPlan(network, chip), experiment.task, data, samples));
    return checkOn(chip, { ...deployment, findings: [...deployment.findings, ...ranges] }, options);
  });
  const fits = checks.every((one) => one.fits);
  const exitCode = fits ? EXIT.ok : EXIT.doesNotFit;
  if (options.json === true) {
    const where = checks.filter((one) => !one.fits).map(({ chip }) => chip);
    const error = fits ? {} : { error: { code: 'E-DOES-NOT-FIT', message: `${experiment.name} does not fit ${where.join(', ')}` } };
    return answer(jsonText('check', fits, { scenario: experiment.name, rule: rule.name, ...error, results: checks }), '', exitCode);
  }
  return answer(checks.map((one) => inWords(one, terminal.colour)).join(''), '', exitCode);
}

function checkOn(chip: ChipBackend, deployment: ReturnType<typeof checkDeployment>, { strict, fix }: CheckOptions): ChipCheck {
  const { profile } = chip;
  const { findings, placement, subject } = deployment;
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  const fatal = (severity: Severity): boolean => severity === 'error' || (strict === true && severity === 'warning');
  const { uses, routes, summary } = placement;
  const timing = chip.timing?.(placement, {}, 0, subject.network.dt);
  const discretised = chip.discretise?.(subject);
  const tables = chip.describeRules?.(subject);
  const nearest = fix === true ? chip.nearestRules?.(subject) : undefined;
  return {
    chip: profile.name,
    title: profile.title,
    fits: !sorted.some(({ severity }) => fatal(severity)),
    findings: sorted,
    placement: { uses, summary, ...(routes === undefined ? {} : { routes }) },
    ...(timing === undefined ? {} : { timing }),
    ...(discretised === undefined ? {} : { discretised }),
    rules: subject.network.projections.flatMap(({ name: projection, rule }) =>
      rule === undefined
        ? []
        : [
            {
              projection,
              ...(tables?.get(projection) === undefined ? {} : { onChip: tables.get(projection) }),
              ...(nearest === undefined ? {} : { nearest: nearest.get(projection) ?? null }),
            },
          ],
    ),
  };
}

function inWords({ chip, fits, findings, placement, timing, discretised, rules }: ChipCheck, colour: boolean): string {
  const { bold, red, yellow, dim, green } = pc.createColors(colour);
  const paint = { error: red, warning: yellow, info: dim };
  const width = Math.max(0, ...findings.map(({ code }) => code.length));
  const lines = findings.flatMap(({ severity, code, message, excerpt, hint }) => [
    `  ${paint[severity](code.padEnd(width))}  ${message}`,
    ...(excerpt === undefined ? [] : excerpt.split('\n').map((line) => `  ${line}`)),
    ...(hint === undefined ? [] : [`    -> ${hint.replaceAll('\n', '\n    ')}`]),
  ]);
  lines.push(
    ...[...roomText(placement.uses), ...timeText(timing), ...scaleText(discretised), ...rules.flatMap(ruleText)].map(
      (line) => `  ${dim(line)}`,
    ),
  );
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
