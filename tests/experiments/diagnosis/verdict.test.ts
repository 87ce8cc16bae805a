/** The verdict from figures made up here: what is found at which side of a limit, what is said first, and whose remedy is named. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AlternativeResult, DiagnosedLayer } from '../../../experiments/diagnosis/diagnosis.ts';
import { findingsIn, verdictOn } from '../../../experiments/diagnosis/verdict.ts';
import type { Ablation, ChipDifference, MeanOverSeeds } from '../../../experiments/result.ts';

const figure = (mean: number, half = 0.01): MeanOverSeeds => ({ mean, ci95: [mean - half, mean + half] });

function layer(changes: Partial<DiagnosedLayer> = {}): DiagnosedLayer {
  const activity = { population: 'hidden', active: figure(0.3), hertz: figure(20) };
  return {
    projection: 'pixels-hidden',
    updates: 64,
    angleDegrees: figure(10),
    angleOfSumDegrees: figure(5),
    gradientDegrees: null,
    carriedShare: figure(0.95),
    lostShare: figure(0.1),
    signalToNoise: figure(0.1),
    idealSignalToNoise: figure(0.1),
    spreadRatio: figure(1),
    saturatedShare: figure(0.01),
    saturatedShareAtFirst: figure(0.01),
    activity: { pre: activity, post: activity },
    ...changes,
  };
}

const silent = { population: 'hidden', active: figure(0.001), hertz: figure(0) };

const CASES: readonly [string, Partial<DiagnosedLayer>, readonly string[]][] = [
  ['a sound layer', {}, []],
  ['neurons that hardly spike', { activity: { pre: silent, post: silent } }, ['silence']],
  ['a layer that was never asked for anything', { updates: 0, carriedShare: null, lostShare: null, angleOfSumDegrees: null }, ['silence']],
  ['most changes lost and little learned', { lostShare: figure(0.9), carriedShare: figure(0.2) }, ['lost']],
  ['most changes lost, and all learned by chance', { lostShare: figure(0.9), carriedShare: figure(0.98) }, []],
  ['changes that spread and say little', { signalToNoise: figure(0.01), spreadRatio: figure(4) }, ['noise']],
  ['changes that say little because there is little to learn', { signalToNoise: figure(0.01), spreadRatio: figure(1.1) }, []],
  ['a sum that points elsewhere', { angleOfSumDegrees: figure(50) }, ['bias']],
  ['a sum that points elsewhere by noise', { angleOfSumDegrees: figure(50), signalToNoise: figure(0), spreadRatio: figure(5) }, ['noise']],
  ['weights that went to their ends', { saturatedShare: figure(0.4) }, ['saturation']],
  ['weights that were there from the start', { saturatedShare: figure(0.4), saturatedShareAtFirst: figure(0.4) }, []],
];
for (const [name, changes, findings] of CASES) {
  test(`${name}: ${findings.join(', ') || 'nothing'}`, () => assert.equal(findingsIn(layer(changes)), findings));
}

test('a sound layer is said to be sound', () => {
  assert.equal(verdictOn({ layers: [layer()] }), { findings: [], verdict: ['Weights change as the rule asks.'] });
});

const loss: ChipDifference = { reference: 'ideal', mean: -0.2, ci95: [-0.3, -0.1], p: 0.01, pHolm: 0.01, n: 5, seedsNeeded: 3, words: '' };
const noisy = layer({ signalToNoise: figure(0.01), spreadRatio: figure(4) });

test('what a finding costs is said first; the remedy is that of the chip, or a general one', () => {
  const remedies = { findings: { noise: 'another device' }, effects: {} };
  assert.equal(verdictOn({ layers: [noisy], difference: loss, remedies }).verdict, [
    'It scores -20.0 points against ideal.',
    'pixels-hidden: the changes spread 4 times as far as the rule asks for, at a signal-to-noise of 0.01 instead of 0.1. Most likely remedy: another device.',
  ]);
  const harmless = { ...loss, mean: 0.001, ci95: [-0.01, 0.012] as const };
  assert.equal(
    verdictOn({ layers: [noisy], difference: harmless }).verdict.map((sentence) => sentence.split(/[:.(]/)[0].trim()),
    ['What follows costs no accuracy that 5 seeds can show', 'pixels-hidden'],
  );
  assert.match(verdictOn({ layers: [noisy] }).verdict[0], /Most likely remedy: fewer and larger changes\.$/);
});

test('of an ablation the largest loss that is sure is named, with the remedy for its effect', () => {
  const effect = (name: string, mean: number, half: number) => ({ name, meaning: '', delta: figure(mean, half), n: 3, perSeed: [] });
  const ablation: Ablation = {
    reference: 'ideal',
    mode: 'sequence',
    orders: 1,
    total: figure(-0.6),
    effects: [effect('rest', 0, 0), effect('unsure', -0.4, 0.5), effect('read noise', -0.1, 0.02), effect('ADC bits', -0.15, 0.05)],
  };
  const remedies = { findings: {}, effects: { 'ADC bits': 'more bits' } };
  assert.equal(verdictOn({ layers: [layer()], ablation, remedies }).verdict, [
    'The largest loss that is sure is by ADC bits: -15.0 points (95 % -20.0 to -10.0). Most likely remedy: more bits.',
  ]);
});

test('an alternative is said to carry, to hold back, or not to be told apart', () => {
  const alternative = (mean: number, half: number, kept: number | null): string => {
    const one: AlternativeResult = {
      own: 'stochastic rounding',
      other: 'nearest rounding',
      accuracy: figure(0.5),
      difference: figure(mean, half),
      kept,
    };
    return verdictOn({ layers: [layer()], alternatives: [one] }).verdict[0];
  };
  assert.is(
    alternative(-0.5, 0.1, 0.29),
    'Stochastic rounding carries 71 % of the learning: learning stalls with nearest rounding, which keeps 29 %.',
  );
  assert.is(alternative(-0.1, 0.05, 0.8), 'Stochastic rounding carries 20 % of the learning: nearest rounding keeps 80 %.');
  assert.match(
    alternative(0.2, 0.1, 1.4),
    /^Stochastic rounding holds learning back: nearest rounding reaches 140 % of what it learns\. Most likely/,
  );
  assert.match(alternative(0.01, 0.1, 1.02), /cannot be told apart: the latter keeps 102 %/);
  assert.is(alternative(0, 0, null), 'With stochastic rounding nothing is learned, so nearest rounding cannot be compared.');
  const one = { own: 'a', other: 'b', accuracy: { mean: 0.5, ci95: null }, difference: { mean: -0.4, ci95: null }, kept: 0.4 };
  assert.is(verdictOn({ layers: [layer()], alternatives: [one] }).verdict[0], 'With one seed: b in place of a keeps 40 % of the learning.');
});

test('changes that arrive by chance, and angles to back-propagation, are said of each layer', () => {
  const gradientDegrees = { chip: figure(69.4), ideal: figure(45.2) };
  assert.equal(verdictOn({ layers: [layer({ lostShare: figure(0.7), carriedShare: figure(0.87), gradientDegrees })] }).verdict, [
    'pixels-hidden: 70 % of the changes asked for are under one level and store nothing, yet 87 % of the learning arrives in the others.',
    'Angle to the descent of back-propagation: pixels-hidden 69° on the chip, 45° as the rule asks.',
  ]);
});

test.run();
