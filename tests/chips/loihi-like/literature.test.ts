/** The deploy check on rules of the literature: what fits, what does not and why, and the nearest rule that does. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { network } from '../../../core/network/builder.ts';
import { checkDeployment } from '../../../core/plan/build-plan.ts';
import type { PlasticityRule } from '../../../core/plasticity/rule.ts';
import { LITERATURE } from './literature-rules.ts';

interface Expected {
  readonly verdict: 'fits' | 'fits with findings' | 'does not fit';
  /** Errors and warnings: message and the text underlined. */
  readonly reported?: readonly (readonly [message: string, underlined: string])[];
  /** Codes of notes that must be there. */
  readonly noted?: readonly string[];
  /** Its dw, `as it is`, or none. */
  readonly nearest: string;
}

const POWER = 'a power other than a small whole number has no place in a sum of products';

const EXPECTED: Readonly<Record<keyof typeof LITERATURE, Expected>> = {
  'additive pair STDP (Song, Miller & Abbott 2000)': { verdict: 'fits', noted: ['I-LOIHI-COINCIDENCE'], nearest: 'as it is' },
  'multiplicative STDP (van Rossum, Bi & Turrigiano 2000)': { verdict: 'fits', noted: ['I-LOIHI-COINCIDENCE'], nearest: 'as it is' },
  'power-law STDP (Gütig, Aharonov, Rotter & Sompolinsky 2003)': {
    verdict: 'does not fit',
    reported: [
      [`rule power-law, onPre: ${POWER}`, 'w^mu'],
      [`rule power-law, onPost: ${POWER}`, '(1 - w)^mu'],
    ],
    nearest:
      '-7*2^-5*x0*y1 - 5*2^-5*x0*w*y1 + 5*2^-5*x0*w*w*y1 - 2^-7*x0*w*w*y1 + 7*2^-3*y0*x1 - 7*2^-7*y0*x1 - 2^-7*y0*w*x1 - 4*2^-5*y0*w*w*x1 - 2*2^-7*y0*w*w*x1',
  },
  'exponential weight dependence (Querlioz et al. 2013)': {
    verdict: 'does not fit',
    reported: [['rule exponential, onPost: "exp" has no place in a sum of products', 'exp(-w)']],
    nearest: '-7*2^-3*x0*y1 + 7*2^-2*y0*x1 - 2^-4*y0*x1 - 6*2^-5*y0*w*x1 - 2^-7*y0*w*x1 + 4*2^-5*y0*w*w*x1 + 2^-7*y0*w*w*x1',
  },
  'triplet STDP (Pfister & Gerstner 2006)': {
    verdict: 'fits',
    noted: ['I-LOIHI-TRACE-COARSE', 'I-LOIHI-SAME-SIDE', 'I-LOIHI-COINCIDENCE'],
    nearest: '-7*2^-4*x0*y1 - 2^-6*x0*y1 + 4*2^-1*y0*x1*(y2-1) - 7*2^-6*y0*x1*(y2-1)',
  },
  'voltage-based STDP (Clopath et al. 2010)': {
    verdict: 'does not fit',
    reported: [
      ['rule clopath, onPre: "max" has no place in a sum of products', 'max(v_post - 0.2, 0)'],
      ['rule clopath, onPost: "max" has no place in a sum of products', 'max(v_post - 0.6, 0)'],
      ['rule clopath, onPre: "v_post" is the state of the post neuron, which the learning engine cannot read', 'v_post'],
      ['rule clopath, onPost: "v_post" is the state of the post neuron, which the learning engine cannot read', 'v_post'],
    ],
    nearest: 'none',
  },
  'BCM with a fixed threshold (Bienenstock, Cooper & Munro 1982)': {
    verdict: 'fits',
    noted: ['I-LOIHI-SAME-SIDE', 'I-LOIHI-SMALL-CHANGES'],
    nearest: '5*2^-2*y0*x1*(y1-6)*(y1-6) - 5*2^-7*y0*x1*(y1-6)*(y1-6) - 5*2^-6*y0*x1*(y1-6) - 2^-7*y0*x1*(y1-6)',
  },
  'inhibitory STDP (Vogels et al. 2011)': { verdict: 'fits', noted: ['I-LOIHI-COINCIDENCE'], nearest: 'as it is' },
  'R-STDP with eligibility (Izhikevich 2007)': { verdict: 'fits', noted: ['I-LOIHI-COINCIDENCE'], nearest: '7*2^-2*u0*r1*t' },
  'Oja on traces (Oja 1982)': {
    verdict: 'fits with findings',
    reported: [
      ['rule oja, onPost: projection p needs a coefficient of 0.0708 on the chip; the nearest is 5*2^-6, off by 10 %', '0.01 * y1 * (x1'],
    ],
    noted: ['I-LOIHI-SAME-SIDE'],
    nearest: '5*2^-3*y0*(y1-6)*x1 - 7*2^-7*y0*(y1-6)*x1 - 5*2^-2*y0*(y1-6)*(y1-6)*w + 7*2^-6*y0*(y1-6)*(y1-6)*w',
  },
  'competitive STDP (Diehl & Cook 2015)': {
    verdict: 'does not fit',
    reported: [[`rule diehl-cook, onPost: ${POWER}`, '(1 - w)^0.2']],
    nearest: '7*2^-4*y0*x1 + 2^-6*y0*x1 - 3*2^-7*y0*w*x1 - 1*y0 - 5*2^-6*y0',
  },
  'slow additive STDP (changes below one step)': {
    verdict: 'fits',
    noted: ['I-LOIHI-SMALL-CHANGES', 'I-LOIHI-COINCIDENCE'],
    nearest: '2^-1*u1*sgn(t-16) + 2^-1*u1*sgn(t+16)',
  },
};

function deployed(rule: PlasticityRule) {
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('in', 10, { rates: '10 Hz' });
  const out = net.neurons('out', 4, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(source, out, { name: 'p', weight: 0.5, rule });
  const chip = loihiLike();
  const { findings, subject } = checkDeployment(net.freeze(), chip);
  return { findings, nearest: chip.nearestRules?.(subject).get('p') };
}

/** What the carets of an excerpt stand under. */
function underlined(excerpt: string): string {
  const [text, carets] = excerpt.split('\n').slice(-2);
  const first = carets.indexOf('^');
  return text.slice(first, carets.lastIndexOf('^') + 1);
}

for (const [title, { verdict, reported = [], noted = [], nearest }] of Object.entries(EXPECTED)) {
  test(`${title}: ${verdict}`, () => {
    const { findings, nearest: found } = deployed(LITERATURE[title as keyof typeof LITERATURE]);
    const bad = findings.filter(({ severity }) => severity !== 'info');
    const worst = bad.some(({ severity }) => severity === 'error') ? 'does not fit' : bad.length > 0 ? 'fits with findings' : 'fits';
    assert.equal(
      bad.map(({ message, excerpt }) => [message, underlined(excerpt ?? '\n')]),
      reported.map((pair) => [...pair]),
    );
    assert.is(worst, verdict);
    for (const { hint } of bad) assert.ok(hint !== undefined);
    for (const code of noted)
      assert.ok(
        findings.some((finding) => finding.code === code && finding.severity === 'info'),
        code,
      );
    const written = found === undefined ? 'none' : found.changes.length === 0 ? 'as it is' : found.rule.sumOfProducts?.dw;
    assert.is(written, nearest);
  });
}

test.run();
