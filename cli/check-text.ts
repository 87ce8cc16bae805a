/** What `hillock check` says beside findings: the fullest resources, the time of a tick, rules as the chip holds them, the nearest that fit. */
import type { DiscretisedParameter, NearestRule, ResourceUse, StepTiming } from '../core/chip-contract.ts';
import { formatSi } from '../core/units.ts';
import type { CheckedProjection } from './check.ts';

const MOST_RESOURCES = 4;

/** The fullest place of each resource, fullest resource first. */
export function roomText(uses: readonly ResourceUse[]): string[] {
  const fullest = new Map<string, ResourceUse>();
  const share = ({ used, available }: ResourceUse): number => (available > 0 ? used / available : 0);
  for (const use of uses) {
    const known = fullest.get(use.resource);
    if (known === undefined || share(use) > share(known)) fullest.set(use.resource, use);
  }
  return [...fullest.values()]
    .sort((a, b) => share(b) - share(a))
    .slice(0, MOST_RESOURCES)
    .map(({ resource, where, used, available }) => `room   ${used} of ${available} ${resource}, ${where}`);
}

export function timeText(timing: StepTiming | undefined): string[] {
  if (timing === undefined) return [];
  const { perStep, longestStep, realTimeFactor } = timing;
  const dt = perStep.value * realTimeFactor;
  const verdict = longestStep.value <= dt ? 'keeps up with' : perStep.value <= dt ? 'may fall behind' : 'falls behind';
  return [
    `time   a tick takes ${formatSi(perStep.value, 's')} idle, ${formatSi(longestStep.value, 's')} at most: ${verdict} ${formatSi(dt, 's')} of real time`,
  ];
}

/** One line for each parameter and projection: the value farthest off, as its whole number and what that stands for. */
export function scaleText(discretised: readonly DiscretisedParameter[] | undefined): string[] {
  return (discretised ?? []).map(({ where, parameter, unit, count, asked, integer, held, clipped, vanished, resolution }) => {
    const value = (number: number): string => (unit === 's' ? formatSi(number, 's') : String(Number(number.toPrecision(4))));
    const off =
      asked === 0 || !Number.isFinite(held) ? '' : `, off by ${((100 * Math.abs(held - asked)) / Math.abs(asked)).toPrecision(2)} %`;
    const worst = count === 1 ? '' : `, the worst of ${count}`;
    const lost = [
      ...(clipped > 0 ? [`${clipped} clipped`] : []),
      ...(vanished > 0 ? [`${vanished} became zero`] : []),
      ...(resolution === undefined ? [] : [`step ${value(resolution)}`]),
    ].map((text) => `; ${text}`);
    return `scale  ${where}: ${parameter} ${value(asked)} is ${integer}, which is ${value(held)}${off}${worst}${lost.join('')}`;
  });
}

export function ruleText({ projection, onChip, nearest }: CheckedProjection): string[] {
  const table =
    onChip === undefined ? [] : [`rule   of ${projection} on the chip`, ...onChip.split('\n').map((line) => `         ${line}`)];
  return [...table, ...nearestText(projection, nearest)];
}

function nearestText(projection: string, nearest: NearestRule | null | undefined): string[] {
  if (nearest === undefined) return [];
  if (nearest === null) return [`fix    there is no rule near that of ${projection} which fits; the findings say why`];
  const { rule, changes, maxDifference } = nearest;
  const off = `a weight change is off by at most ${short(maxDifference)}`;
  if (changes.length === 0) return [`fix    the rule of ${projection} fits as it is; ${off}`];
  const { dw, dt, dd } = rule.sumOfProducts ?? {};
  const texts = Object.entries({ dw, dt, dd }).flatMap(([name, text]) => (text === undefined ? [] : [`         ${name} = ${text}`]));
  const traces = Object.entries(rule.traces).map(([name, { impulse, tau }]) => `${name} impulse ${impulse}, tau ${formatSi(tau, 's')}`);
  return [
    `fix    the nearest rule for ${projection} that fits; ${off}`,
    ...texts,
    `         traces: ${traces.join('; ')}`,
    ...changes.map(
      ({ from, to, maxDifference: by, over }) =>
        `         ${from}  ->  ${to}  (${by === 0 ? over : `off by at most ${short(by)} ${over}`})`,
    ),
  ];
}

const short = (value: number): string => String(Number(value.toPrecision(2)));
