/**
 * The findings about a rule in Loihi's notation within a network: those of Lava's traps that this chip shares, given its switches, and those that
 * wait for the rule in Lava, which is where such a rule comes from or goes to.
 */
import type { Violation } from '../../../core/chip-contract.ts';
import type { LavaRule } from '../../../core/plasticity/lava-rule.ts';
import type { PlasticityRule } from '../../../core/plasticity/rule.ts';
import type { LoihiSwitches } from '../switches.ts';
import { lavaShift } from './arithmetic.ts';
import type { LavaFactor } from './compat-parser.ts';
import {
  deadFindings,
  delayVariableFindings,
  epochFindings,
  fractionFindings,
  lateThirdFactor,
  lostPunishment,
  saturationFindings,
  shiftFindings,
  tauZero,
} from './findings.ts';
import { seriesOf } from './rule-set.ts';

export function notationFindings(
  rule: PlasticityRule,
  parsed: readonly LavaRule[],
  title: string,
  { productScaling, saturation, impulseFraction }: LoihiSwitches,
): Violation[] {
  const series = parsed.map(seriesOf);
  // nengo-loihi counts one bit less for the mantissa
  const less = productScaling === 'nengo' ? 1 : 0;
  const shiftOf = (factors: readonly LavaFactor[]): number => (productScaling === 'none' ? 0 : Math.max(0, lavaShift(factors) - less));
  return [
    ...shiftFindings(series, title, shiftOf),
    ...deadFindings(series, title, shiftOf),
    ...epochFindings({ epoch: rule.epochTicks }, title),
    ...delayVariableFindings(series, title),
    ...rewardFindings(rule, title),
    ...tauFindings(rule, title),
    ...(saturation === 'lava' ? saturationFindings(series, title) : []),
    ...(impulseFraction === 'lava'
      ? Object.entries(rule.traces).flatMap(([name, { impulse }]) => fractionFindings(name, impulse, title))
      : []),
  ];
}

/** Lava has no reward trace: the post neuron sends the reward as y2 or y3. */
function rewardFindings({ modulators, epochTicks }: PlasticityRule, title: string): Violation[] {
  return Object.keys(modulators).flatMap((name) => [
    lostPunishment(`${title}, in Lava`, name),
    ...(epochTicks === 1 ? [] : [lateThirdFactor(`${title}, in Lava`, name, epochTicks)]),
  ]);
}

function tauFindings({ traces }: PlasticityRule, title: string): Violation[] {
  return Object.entries(traces).flatMap(([name, { tau }]) => (tau === 0 ? [tauZero(title, name)] : []));
}
