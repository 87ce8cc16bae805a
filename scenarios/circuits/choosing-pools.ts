/** Pools of noisy neurons that choose: the more active pool acts, and each holds the others down. */

/** Escape noise lets a pool fire that is not the best yet, which is how others are tried. */
export const choosers = (name: string, size: number): object => ({
  name,
  size,
  model: 'lif',
  tauMem: '20 ms',
  vThreshold: 1,
  spiking: 'escape',
  escapeRate: '100 Hz',
  escapeWidth: 0.2,
  escapeMax: 0.5,
});

/** Every neuron inhibits all neurons of the other pools. */
export function rivalry(population: string, size: number, perPool: number): object {
  const sources: number[] = [];
  const targets: number[] = [];
  const poolOf = (neuron: number): number => Math.floor(neuron / perPool);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (poolOf(i) === poolOf(j)) continue;
      sources.push(i);
      targets.push(j);
    }
  }
  const connect = { kind: 'explicit', sources, targets };
  return { name: `${population}-${population}`, pre: population, post: population, connect, weight: -2, delay: '1 ms' };
}
