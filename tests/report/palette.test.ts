import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scheme } from '../../report/palette.ts';
import { contrast, DARK, DIVERGING_STEPS, divergingColours, LIGHT, mix } from '../../report/palette.ts';
import { FULL_SHADE } from '../../report/panels/confusion.ts';
import { ACCOUNTS } from '../../report/panels/energy.ts';

const SCHEMES: [string, Scheme][] = [
  ['light', LIGHT],
  ['dark', DARK],
];

test('the contrast ratio gives the published ends and middle', () => {
  assert.is(contrast('#000000', '#ffffff'), 21);
  assert.is(contrast('#123456', '#123456'), 1);
  assert.ok(Math.abs(contrast('#767676', '#ffffff') - 4.54) < 0.005);
});

test('every text colour reaches 4.5 : 1 on page and cards', () => {
  for (const [name, scheme] of SCHEMES) {
    for (const key of ['ink', 'muted', 'link', 'warn', 'bad'] as const) {
      for (const background of [scheme.paper, scheme.surface]) {
        const ratio = contrast(scheme[key], background);
        assert.ok(ratio >= 4.5, `${name} ${key} ${ratio.toFixed(2)}`);
      }
    }
  }
});

test('every chip and account colour reaches 3 : 1 on page and cards', () => {
  for (const [name, scheme] of SCHEMES) {
    for (const colour of [...scheme.chips, ...scheme.accounts]) {
      for (const background of [scheme.paper, scheme.surface]) {
        const ratio = contrast(colour, background);
        assert.ok(ratio >= 3, `${name} ${colour} ${ratio.toFixed(2)}`);
      }
    }
  }
});

test('numbers stay readable on the fullest shade of a confusion matrix', () => {
  for (const [name, scheme] of SCHEMES) {
    const ratio = contrast(scheme.ink, mix(scheme.surface, scheme.sequential, FULL_SHADE));
    assert.ok(ratio >= 4.5, `${name} ${ratio.toFixed(2)}`);
  }
});

test('the two-sided scale has its ends and its middle where they belong', () => {
  for (const [, scheme] of SCHEMES) {
    const colours = divergingColours(scheme);
    assert.is(colours.length, DIVERGING_STEPS);
    assert.equal([colours[0], colours[10], colours[20]], [scheme.negative, scheme.neutral, scheme.positive]);
  }
});

test('both schemes have one colour per account and the same number of chip colours', () => {
  for (const [, scheme] of SCHEMES) assert.is(scheme.accounts.length, ACCOUNTS.length);
  assert.is(DARK.chips.length, LIGHT.chips.length);
});

test.run();
