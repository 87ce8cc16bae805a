/**
 * Reward alone, one plastic layer (core/plasticity/library/r-stdp.ts): the network acts (ten pools compete, the most active answers) and is told right or
 * wrong; nothing else.
 *
 * Thirty leaky neurons with soft reset and membrane noise (exploration) under winner-take-all; homeostasis keeps every pool in play. The
 * amounts were tuned on generated digits and on a slice of the MNIST training images.
 */
import type { Circuit } from './circuit.ts';

export const rewardCircuit: Circuit = ({ pixels, train, test, epochs, realImages }) => {
  // The image is scaled to this many spikes per tick; initial weights give a drive of 0.6 thresholds per tick.
  const spikesPerTick = realImages ? 20 : 10;
  const initialWeight = 0.6 / spikesPerTick;
  return {
    summary: `${pixels} Poisson inputs onto 30 competing neurons, a reward per answer`,
    network: {
      dt: '1 ms',
      populations: [
        { name: 'pixels', size: pixels, source: 'poisson' },
        {
          name: 'answers',
          size: 30,
          model: 'lif',
          tauMem: '9.5 ms',
          vThreshold: 1,
          resetTo: 'subtraction',
          floor: -1,
          noise: realImages ? 0.6 : 0.3,
          thresholdShift: 0,
          tunable: ['thresholdShift'],
          competition: { kind: 'winner-take-all', inhibition: realImages ? 0.2 : 0.5 },
        },
      ],
      projections: [
        {
          name: 'pixels-answers',
          pre: 'pixels',
          post: 'answers',
          connect: 'all-to-all',
          weight: { normal: { mean: initialWeight, sd: initialWeight / 2 } },
          delay: '1 ms',
        },
      ],
      probes: [{ spikes: 'answers' }],
    },
    task: {
      kind: 'reward-classification',
      input: 'pixels',
      answer: 'answers',
      plastic: 'pixels-answers',
      modulator: 'reward',
      classes: 10,
      ticks: 50,
      burnIn: 5,
      spikesPerTick,
      epochs: epochs ?? (realImages ? 3 : 2),
      rewardScale: realImages ? 1 : 0.6,
      rewardDecay: realImages ? 0.5 : 0.7,
      homeostasis: { step: 0.003, target: 4.5 },
      trainImages: train ?? (realImages ? 20_000 : 3000),
      testImages: test ?? (realImages ? 5000 : 1000),
    },
  };
};
