import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { near } from '../../support/near.ts';
import { drivenNeurons, follow, range, start } from '../../support/simulate.ts';

const options = { model: 'resonate-and-fire', frequency: '25 Hz', tauDecay: '80 ms', vThreshold: 10 } as const;

test('one kick rings as a damped sine, at any angle per tick', () => {
  for (const frequency of [1, 25, 125, 400]) {
    const { net } = drivenNeurons(1, { ...options, frequency: `${frequency} Hz` }, [{ weights: [0, 1] }]);
    const simulation = start(net);
    simulation.run(2);
    for (const t of range(1, 60)) {
      simulation.run(1);
      const [size, angle] = [Math.exp(-t / 80), 2 * Math.PI * frequency * t * 1e-3];
      near(simulation.state('neurons', 'u')[0], size * Math.cos(angle), 1e-11, `u, ${frequency} Hz, ${t} ms`);
      near(simulation.state('neurons', 'v')[0], size * Math.sin(angle), 1e-11, `v, ${frequency} Hz, ${t} ms`);
    }
  }
});

test('two kicks add up at the period and cancel at half of it', () => {
  // alone a kick reaches exp(-10/80) = 0.88 after a quarter of the period of 40 ms
  const spikesOf = (interval: number): number[] => {
    const weights = new Array<number>(100).fill(0);
    weights[1] = 1;
    weights[1 + interval] = 1;
    return follow(start(drivenNeurons(1, { ...options, vThreshold: 1 }, [{ weights }]).net), 'neurons', 'v', 100).spikes;
  };
  assert.equal(spikesOf(20), []);
  assert.equal(spikesOf(40).length, 1);
  assert.ok(spikesOf(40)[0] > 42 && spikesOf(40)[0] <= 52);
});

test('a spike sets u to zero and v to its reset', () => {
  const { net } = drivenNeurons(1, { ...options, vThreshold: 0.5, vReset: 0.25 }, [{ weights: [0, 1] }]);
  const simulation = start(net);
  while (simulation.spikeCounts('neurons')[0] === 0) simulation.run(1);
  assert.equal([simulation.state('neurons', 'u')[0], simulation.state('neurons', 'v')[0]], [0, 0.25]);
});

test.run();
