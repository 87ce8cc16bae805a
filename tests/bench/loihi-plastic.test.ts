/** The bench network of integer plasticity has the activity it states, and visits the synapses of neurons that spiked and no others. */
import { test } from 'uvu';
import { plasticPlan } from '../../bench/loihi-plastic.ts';
import { Simulation } from '../../workers/simulation.ts';
import { near } from '../support/near.ts';

test('a tenth of both sides spikes in a step, and the rule runs for every synapse of one that did', () => {
  const side = 60;
  const steps = 400;
  const simulation = new Simulation(plasticPlan(0.1, side));
  simulation.run(steps);
  for (const population of ['pre', 'post']) {
    const spikes = simulation.spikeCounts(population).reduce((sum, count) => sum + count, 0);
    near(spikes / (side * steps), 0.1, 0.005, population);
  }
  // a synapse is visited unless both of its sides are silent: 1 - 0.9²
  near((simulation.eventCounts().synapticUpdate ?? 0) / (side * side * steps), 0.19, 0.01);
});

test.run();
