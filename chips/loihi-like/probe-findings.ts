/**
 * What a short run shows about ranges: traces at the top of their 7 bits, epochs with more than one spike (only the last has a time), updates
 * that are lost to rounding or to a bound. Shares below `RARE` are not worth a line.
 */
import type { ProbeMeasurement, Violation } from '../../core/chip-contract.ts';
import { LOIHI } from './profile.ts';

const RARE = 0.01;
/** Weights that meet a bound this often have nowhere to go. */
const OFTEN = 0.2;

export function probeFindings(measured: ProbeMeasurement): Violation[] {
  const { projection, traces, repeatedSpikes, updateAttempts, synapticUpdates, saturatedUpdates, ticks } = measured;
  const findings: Violation[] = [];
  const add = (severity: Violation['severity'], code: string, message: string, hint: string): void => {
    findings.push({ severity, designRule: 'dynamic-range', code, message: `projection ${projection}: ${message} (${ticks} ticks)`, hint });
  };
  const top = LOIHI.traceMax.value;
  for (const { name, largest, share, isSet } of traces) {
    if (isSet || largest < top || share < RARE) continue;
    add(
      'warning',
      'W-RANGE-TRACE',
      `${name} stands at ${top} in ${percent(share)} of the ticks in which it is above zero`,
      'lower its impulse or shorten its time constant: what comes on top is lost',
    );
  }
  for (const side of ['pre', 'post'] as const) {
    if (repeatedSpikes[side] < RARE) continue;
    add(
      'warning',
      'W-RANGE-EPOCH',
      `${percent(repeatedSpikes[side])} of the ${side} neurons that spike in an epoch do so more than once, and only the last spike has a time`,
      'shorten the learning epoch',
    );
  }
  if (updateAttempts === 0) {
    add('warning', 'W-RANGE-SILENT', 'no weight was ever up for an update', 'look at the rates: nothing can be learned here');
    return findings;
  }
  const kept = 1 - synapticUpdates / updateAttempts;
  if (kept > 0.5) {
    add(
      'info',
      'I-RANGE-ROUND',
      `${percent(kept)} of the evaluations leave the weight as it was, most of them below one LSB`,
      'stochastic rounding carries the learning, nearest rounding would stall; each evaluation costs the same energy',
    );
  }
  const saturated = saturatedUpdates / updateAttempts;
  if (saturated > OFTEN) {
    add(
      'warning',
      'W-RANGE-WEIGHT',
      `${percent(saturated)} of the evaluations ask for a weight beyond its bounds`,
      'lower the learning rate or widen the bounds',
    );
  }
  return findings;
}

const percent = (value: number): string => `${(100 * value).toPrecision(2)} %`;
