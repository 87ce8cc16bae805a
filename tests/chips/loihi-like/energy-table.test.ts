import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { estimate } from '../../../core/energy/estimate.ts';

const near = (value: number, wanted: number): void => assert.ok(Math.abs(value / wanted - 1) < 1e-12, `${value}, wanted ${wanted}`);

test('the default figures are those of table 2 of Davies et al. (2018)', () => {
  const { perEvent, static: power } = loihiLike().profile.energy;
  near(perEvent.synapticEvent?.value ?? 0, 23.6e-12);
  near(perEvent.synapticUpdate?.value ?? 0, 120e-12);
  near(perEvent.neuronUpdate?.lo ?? 0, 52e-12);
  near(perEvent.neuronUpdate?.hi ?? 0, 81e-12);
  near(perEvent.neuronSpike?.value ?? 0, 1.7e-12);
  near(perEvent.spikeMessage?.value ?? 0, 1.7e-12);
  near(perEvent.spikeHopEastWest?.value ?? 0, 3e-12);
  near(perEvent.spikeHopNorthSouth?.value ?? 0, 4e-12);
  assert.is(power, undefined);
  for (const figure of Object.values(perEvent)) {
    assert.is(figure?.confidence, 'simulated');
    assert.match(figure?.source ?? '', 'Davies');
  }
});

test('the second table is fitted to silicon and keeps the simulated figure for learning', () => {
  const { perEvent, static: power } = loihiLike({ energy: 'fitted-silicon' }).profile.energy;
  near(perEvent.synapticEvent?.value ?? 0, 35.5e-12);
  near(perEvent.neuronUpdate?.value ?? 0, 72.8e-12);
  near(perEvent.synapticUpdate?.value ?? 0, 120e-12);
  assert.is(perEvent.synapticUpdate?.confidence, 'simulated');
  near(power?.value ?? 0, 0.104);
});

test('traces have no figure of their own, and the report says so', () => {
  const { missing, perUpdate } = estimate({ synapticUpdate: 10, traceUpdate: 5 }, loihiLike().profile.energy, { seconds: 1, updates: 10 });
  assert.equal(missing, ['traceUpdate']);
  near(perUpdate?.value ?? 0, 120e-12);
});

test('every switch has a default and a reason', () => {
  const { switches, settings } = loihiLike().profile.parameters as {
    switches: Record<string, { choices: string[]; reason: string }>;
    settings: Record<string, string>;
  };
  for (const [name, { choices, reason }] of Object.entries(switches)) {
    assert.is(settings[name], choices[0], name);
    assert.ok(reason.length > 20);
  }
});

test.run();
