// time limit: 300 s
/** What the teachers reach on generated digits that they have not seen, the digits of the scenario of that name; n = 3 seeds. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { streamOf, uniformAt } from '../../../core/random.ts';
import { generateGlyphs } from '../../../experiments/data/glyphs.ts';
import { parametersOf, rateNetwork } from '../../../experiments/teacher/rate-network.ts';
import { spikingNetwork, spikingParametersOf } from '../../../experiments/teacher/spiking-network.ts';
import {
  drawSpikes,
  pixelRates,
  rateAccuracy,
  spikingAccuracy,
  trainRateNetwork,
  trainSpikingNetwork,
} from '../../../experiments/teacher/train.ts';
import type { LabelledImages } from '../../../formats/labelled-images.ts';

const SEEDS = [1, 2, 3];
const glyphs = (seed: number, part: 'train' | 'test', count: number): LabelledImages => generateGlyphs({ seed, count, part });

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('rate neurons trained by back-propagation', () => {
  const accuracies = SEEDS.map((seed) => {
    const network = rateNetwork({ sizes: [64, 100, 10], hidden: 'relu', seed });
    const losses = trainRateNetwork(network, glyphs(seed, 'train', 8000), { seed, epochs: 4, rate: 0.004, rateDecay: 0.4 });
    assert.ok(losses[3] < losses[0] / 3, `${losses}`);
    return rateAccuracy(network, glyphs(seed, 'test', 2000));
  });
  console.log(`rate 64-100-10, 4 epochs of 8,000: ${accuracies.join(', ')}`);
  assert.ok(mean(accuracies) >= 0.98, `${accuracies}`);
});

test('spiking neurons trained by back-propagation through time', () => {
  const accuracies = SEEDS.map((seed) => {
    const network = spikingNetwork({ sizes: [64, 100, 10], seed });
    trainSpikingNetwork(network, glyphs(seed, 'train', 8000), { seed, epochs: 2, rate: 0.005, rateDecay: 0.2 });
    return spikingAccuracy(network, glyphs(seed, 'test', 2000), { seed });
  });
  console.log(`spiking 64-100-10, 2 epochs of 8,000: ${accuracies.join(', ')}`);
  assert.ok(mean(accuracies) >= 0.98, `${accuracies}`);
});

test('the input spikes are those of the named streams, one draw per pixel and tick', () => {
  const images = glyphs(1, 'test', 3);
  const network = spikingNetwork({ sizes: [64, 5, 10], seed: 1, ticks: 7 });
  const seed = 2 ** 40 + 3;
  const spikes = new Float64Array(7 * 64);
  drawSpikes(network, images, 2, { seed, pMax: 0.8, part: 'test' }, spikes);
  const rates = pixelRates(images, 2);
  const stream = streamOf('teacher/input test');
  spikes.forEach((spike, n) => {
    const [tick, pixel] = [Math.floor(n / 64), n % 64];
    assert.is(spike, uniformAt(seed, stream, pixel, 2 * 7 + tick) < 0.8 * rates[pixel] ? 1 : 0);
  });
});

test('the same seed gives the same bits, another seed others', () => {
  const images = glyphs(1, 'train', 60);
  const train = (seed: number) => {
    const rate = rateNetwork({ sizes: [64, 20, 10], seed });
    const spiking = spikingNetwork({ sizes: [64, 20, 10], seed, ticks: 10, recurrent: true });
    trainRateNetwork(rate, images, { seed, epochs: 1 });
    trainSpikingNetwork(spiking, images, { seed, epochs: 1 });
    return [...parametersOf(rate), ...spikingParametersOf(spiking)].map((values) => Array.from(values));
  };
  const first = train(4);
  assert.equal(train(4), first);
  assert.not.equal(train(5), first);
});

test.run();
