import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Time } from '../../../core/units.ts';
import { drivenNeurons, follow, range, start } from '../../support/simulate.ts';

/** The paper's program for one neuron, line by line: two half steps of v, one step of u. */
function paper(dtMs: number, current: (tick: number) => number, ticks: number, [a, b, c, d]: number[]): { v: number[]; spikes: number[] } {
  let v = c;
  let u = b * c;
  const result = { v: [] as number[], spikes: [] as number[] };
  for (const tick of range(1, ticks)) {
    const i = current(tick);
    v += 0.5 * dtMs * (0.04 * v * v + 5 * v + 140 - u + i);
    v += 0.5 * dtMs * (0.04 * v * v + 5 * v + 140 - u + i);
    u += dtMs * a * (b * v - u);
    if (v >= 30) {
      v = c;
      u += d;
      result.spikes.push(tick);
    }
    result.v.push(v);
  }
  return result;
}

const kinds: Record<string, [number, number, number, number]> = {
  'regular spiking': [0.02, 0.2, -65, 8],
  chattering: [0.02, 0.2, -50, 2],
  'fast spiking': [0.1, 0.2, -65, 2],
};

for (const [name, kind] of Object.entries(kinds)) {
  // a tick that is no power of two tells every order of the products apart
  for (const dt of ['1 ms', '0.1 ms'] as const) {
    test(`${name}, ${dt}: 1000 steps equal the paper's program bit for bit`, () => {
      const [a, b, c, d] = kind;
      const current = (tick: number): number => (tick < 2 ? 0 : tick < 500 ? 10 : 4.25);
      const weights = range(1, 1000).map(current);
      const { net } = drivenNeurons(1, { model: 'izhikevich', a, b, c, d }, [{ weights }], { dt: dt as Time });
      const ours = follow(start(net), 'neurons', 'v', 1000);
      const theirs = paper(Number.parseFloat(dt), current, 1000, kind);
      assert.equal(ours.values, theirs.v);
      assert.equal(ours.spikes, theirs.spikes);
      assert.ok(theirs.spikes.length > 1);
    });
  }
}

test('a regular spiking neuron is silent without current, and adapts to 5 … 40 Hz with 10 units of it', () => {
  const silent = drivenNeurons(1, { model: 'izhikevich' }, []);
  assert.equal(follow(start(silent.net), 'neurons', 'v', 500).spikes, []);
  const { net } = drivenNeurons(1, { model: 'izhikevich' }, [{ weights: Array(2000).fill(10) }]);
  const { spikes } = follow(start(net), 'neurons', 'v', 2000);
  const late = spikes.filter((tick) => tick > 1000).length;
  assert.ok(late >= 5 && late <= 40, `${late} Hz`);
  assert.ok(spikes[1] - spikes[0] < (spikes.at(-1) ?? 0) - (spikes.at(-2) ?? 0), 'the first interval is the shortest');
});

test.run();
