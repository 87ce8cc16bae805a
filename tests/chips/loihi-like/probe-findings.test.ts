import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { probeFindings } from '../../../chips/loihi-like/probe-findings.ts';
import type { ProbeMeasurement } from '../../../core/chip-contract.ts';

const quiet: ProbeMeasurement = {
  projection: 'p',
  ticks: 500,
  traces: [{ name: 'x1', largest: 90, share: 0.3, isSet: false }],
  repeatedSpikes: { pre: 0, post: 0 },
  updateAttempts: 1000,
  synapticUpdates: 900,
  saturatedUpdates: 10,
};

const REPORTED: readonly [string, Partial<ProbeMeasurement>, string][] = [
  [
    'a trace at its top',
    { traces: [{ name: 'x1', largest: 127, share: 0.021, isSet: false }] },
    'W-RANGE-TRACE: projection p: x1 stands at 127 in 2.1 % of the ticks in which it is above zero (500 ticks)',
  ],
  [
    'more than one spike in an epoch',
    { repeatedSpikes: { pre: 0, post: 0.2 } },
    'W-RANGE-EPOCH: projection p: 20 % of the post neurons that spike in an epoch do so more than once, and only the last spike has a time (500 ticks)',
  ],
  [
    'updates that change nothing',
    { synapticUpdates: 290 },
    'I-RANGE-ROUND: projection p: 71 % of the evaluations leave the weight as it was, most of them below one LSB (500 ticks)',
  ],
  [
    'weights at their bounds',
    { saturatedUpdates: 450 },
    'W-RANGE-WEIGHT: projection p: 45 % of the evaluations ask for a weight beyond its bounds (500 ticks)',
  ],
  ['a rule that never runs', { updateAttempts: 0 }, 'W-RANGE-SILENT: projection p: no weight was ever up for an update (500 ticks)'],
];

for (const [what, changed, message] of REPORTED) {
  test(`reported: ${what}`, () => {
    assert.equal(
      probeFindings({ ...quiet, ...changed }).map((finding) => `${finding.code}: ${finding.message}`),
      [message],
    );
  });
}

test('ranges that are kept have nothing to report, and a trace that is set to its top by every spike is none', () => {
  assert.equal(probeFindings(quiet), []);
  assert.equal(probeFindings({ ...quiet, traces: [{ name: 'x1', largest: 127, share: 0.5, isSet: true }] }), []);
});

test.run();
