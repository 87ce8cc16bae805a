import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderReport } from '../../report/render-report.ts';
import { bareResult, withResults } from './fixture.ts';

const joules = (value: number) => ({ value, lo: value / 2, hi: value * 2, unit: 'J' as const });

function page(timed: boolean): string {
  const result = bareResult('loihi-like', 'Loihi-like', [0.9, 0.91], [1.2e-10, 1e-10, 2e-10]);
  const row = { account: 'read', kind: 'synapticEvent', count: 10, perEvent: 1e-12, joules: 1e-11, lo: 1e-11, hi: 1e-11 } as const;
  const energy = {
    ...result.energy,
    perSynapticEvent: joules(2.4e-11),
    perSample: joules(3e-6),
    parts: { running: joules(2e-6), learning: joules(1e-6), static: { value: 0, lo: 0, hi: 0 } },
    breakdown: [{ ...row, source: 'a test', confidence: 'simulated' as const }],
  };
  const seconds = (value: number) => ({ value, lo: value / 2, hi: value * 2, unit: 's' as const });
  const timing = {
    perStep: seconds(4e-6),
    longestStep: seconds(1e-5),
    realTimeFactor: 250,
    source: 'a test',
    energyDelay: { value: 5e-15, lo: 1e-15, hi: 1e-14, unit: 'J s' as const },
  };
  return renderReport(withResults([{ ...result, energy, ...(timed ? { timing } : {}) }]));
}

const table = (html: string): string => /Energy and time, in numbers[\s\S]*?<\/table>/.exec(html)?.[0] ?? '';

test('energy per update, synaptic event and sample stand beside running, learning and static power', () => {
  const text = table(page(false)).replace(/<[^>]*>/g, ' ');
  for (const figure of ['120 pJ', '24 pJ', '3 µJ', '2 µJ', '1 µJ']) assert.match(text, figure);
});

test('the time of a tick is there with its interval and its factor, where the chip has one', () => {
  const text = table(page(true)).replace(/<[^>]*>/g, ' ');
  assert.match(text, '250 × real time');
  assert.match(text, '5.00e-15 J s');
  assert.not.match(table(page(false)), 'real time');
});

test.run();
