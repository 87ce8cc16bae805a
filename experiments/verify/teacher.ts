/** The teachers against finite differences of their own losses, and e-prop against back-propagation through time with the recurrent path cut. */
import { normalAt, streamOf, uniformAt } from '../../core/random.ts';
import { backwardInTime } from '../teacher/bptt.ts';
import { eProp } from '../teacher/e-prop.ts';
import { finiteDifferences } from '../teacher/gradient-check.ts';
import { lossOf, oneHot } from '../teacher/loss.ts';
import { drawWeights, relativeError } from '../teacher/matrix.ts';
import { backward, forward, parametersOf, rateNetwork, rateTape, zerosLike } from '../teacher/rate-network.ts';
import type { SettlingNetwork } from '../teacher/settling-network.ts';
import { atRest, costOf, settle, settledGradient } from '../teacher/settling-network.ts';
import type { SpikingNetworkOptions } from '../teacher/spiking-network.ts';
import { runForward, spikingNetwork, spikingParametersOf, spikingTape, spikingZerosLike } from '../teacher/spiking-network.ts';
import type { Verdict } from './verdict.ts';
import { verdict } from './verdict.ts';

/** Its name where those of rules stand. */
export const TEACHER = 'teacher';

const STREAM = streamOf('verify/teacher');
const TARGET = oneHot(3, 1);

export function verifyTeacher(): Verdict[] {
  return [
    verdict({
      subject: TEACHER,
      name: 'back-propagation',
      what: 'relative difference from finite differences, rate neurons 5-7-6-3, soft-max cross entropy',
      value: rateError(),
      bar: { atMost: 1e-6 },
      source: 'Rumelhart, Hinton & Williams (1986), Nature 323:533',
    }),
    verdict({
      subject: TEACHER,
      name: 'settled',
      what: 'the same of back-propagation through the state where a network 6-8-5-3 settles, squared error',
      value: settledError(),
      bar: { atMost: 1e-6 },
      source: 'Almeida (1987), ICNN 2:609; Pineda (1987), Phys. Rev. Lett. 59:2229',
    }),
    verdict({
      subject: TEACHER,
      name: 'through time',
      what: 'the same of recurrent spiking layers 4-6-5-3 over 20 ticks, with a smooth function in place of the step',
      value: throughTimeError(),
      bar: { atMost: 1e-6 },
      source: 'Neftci, Mostafa & Zenke (2019), IEEE Signal Process. Mag. 36(6):51',
    }),
    verdict({
      subject: TEACHER,
      name: 'e-prop',
      what: 'relative difference of symmetric e-prop from back-propagation through time with the recurrent path cut, spikes and their surrogate',
      value: ePropError(),
      bar: { atMost: 1e-12 },
      source: 'Bellec et al. (2020), Nature Commun. 11:3625',
    }),
  ];
}

function rateError(): number {
  const network = rateNetwork({ sizes: [5, 7, 6, 3], seed: 1 });
  const tape = rateTape(network);
  const input = Float64Array.from({ length: 5 }, (_, k) => normalAt(1, STREAM, k, 0));
  const gradient = zerosLike(network);
  forward(network, input, tape);
  backward(network, tape, 'softmax-cross-entropy', TARGET, gradient);
  const measured = finiteDifferences(parametersOf(network), () =>
    lossOf('softmax-cross-entropy', forward(network, input, tape), TARGET, new Float64Array(3)),
  );
  return relativeError(parametersOf(gradient), measured);
}

function settledError(): number {
  const sizes = [6, 8, 5, 3];
  const draw = (n: number, event: number): Float64Array => Float64Array.from({ length: n }, (_, k) => uniformAt(1, STREAM, k, event));
  const net: SettlingNetwork = {
    weights: sizes.slice(1).map((size, l) => drawWeights(sizes[l], size, 1, `verify/teacher/settled ${l}`)),
    input: draw(sizes[0], 2),
    target: draw(sizes[3], 3),
  };
  const settled = settle(net, atRest(sizes), 0);
  return relativeError(
    settledGradient(net, settled),
    finiteDifferences(net.weights, () => costOf(net, settle(net, settled, 0))),
  );
}

function sample(options: Omit<SpikingNetworkOptions, 'seed' | 'ticks' | 'recurrent' | 'gain'>) {
  const network = spikingNetwork({ ...options, seed: 1, ticks: 20, recurrent: true, gain: 2 });
  const tape = spikingTape(network);
  tape.spikes[0].forEach((_, k, spikes) => {
    spikes[k] = uniformAt(1, STREAM, k, 1) < 0.3 ? 1 : 0;
  });
  runForward(network, tape);
  return { network, tape, gradient: spikingZerosLike(network) };
}

function throughTimeError(): number {
  const { network, tape, gradient } = sample({ sizes: [4, 6, 5, 3], spike: 'sigmoid' });
  backwardInTime(network, tape, 'softmax-cross-entropy', TARGET, gradient, { throughReset: true });
  const measured = finiteDifferences(spikingParametersOf(network), () =>
    lossOf('softmax-cross-entropy', runForward(network, tape), TARGET, new Float64Array(3)),
  );
  return relativeError(spikingParametersOf(gradient), measured);
}

function ePropError(): number {
  const { network, tape, gradient } = sample({ sizes: [10, 20, 3] });
  eProp(network, tape, 'softmax-cross-entropy', TARGET, gradient);
  const cut = spikingZerosLike(network);
  backwardInTime(network, tape, 'softmax-cross-entropy', TARGET, cut, { throughRecurrence: false });
  return relativeError(spikingParametersOf(gradient), spikingParametersOf(cut));
}
