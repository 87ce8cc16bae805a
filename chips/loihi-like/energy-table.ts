/**
 * What an event costs on Loihi 1, from two sources. Table 2 of Davies et al. (2018) is the only published table that prices learning; it is a
 * circuit simulation before silicon at 0.75 V, and the synaptic figure is a minimum. The second table was fitted to measured boards by the
 * authors of the simulator SANA-FE (Boyle et al.), without learning, which therefore keeps its figure from table 2.
 * Not published: barrier synchronisation, programming of weights, trace updates by themselves. These have no row, and reports say so.
 */
import type { EnergyTable } from '../../core/energy/energy-table.ts';
import { sourced } from '../../core/energy/energy-table.ts';

const TABLE_2 = 'Davies et al. 2018, IEEE Micro 38(1), table 2 (read in transcription)';
const SANA_FE = 'SANA-FE, arch/loihi.yaml (fitted to Nahuku boards)';

const pJ = 1e-12;

/** One evaluation of pairwise STDP for one synapse. */
const synapticUpdate = sourced(120 * pJ, { lo: 120 * pJ, hi: 120 * pJ, source: TABLE_2, confidence: 'simulated' });

const message = sourced(1.7 * pJ, { lo: 1.7 * pJ, hi: 1.7 * pJ, source: `${TABLE_2}: within a tile`, confidence: 'simulated' });

const hops = {
  spikeHopEastWest: sourced(3 * pJ, { lo: 3 * pJ, hi: 3 * pJ, source: TABLE_2, confidence: 'simulated' }),
  spikeHopNorthSouth: sourced(4 * pJ, { lo: 4 * pJ, hi: 4.2 * pJ, source: `${TABLE_2}; upper end: ${SANA_FE}`, confidence: 'simulated' }),
} as const;

const davies2018: EnergyTable = {
  name: 'davies-2018',
  note: 'Loihi 1 before silicon: circuit simulation at 0.75 V, minimum per event. No barrier, no static power, no host; traces are not priced apart from the update.',
  perEvent: {
    // the minimum is published; the upper end is what was fitted to silicon for dense synapses
    synapticEvent: sourced(23.6 * pJ, {
      lo: 23.6 * pJ,
      hi: 35.5 * pJ,
      source: `${TABLE_2}; upper end: ${SANA_FE}`,
      confidence: 'simulated',
    }),
    synapticUpdate,
    // an inactive neuron costs 52 pJ and an active one 81 pJ; which is which depends on its state, so the higher one stands
    neuronUpdate: sourced(81 * pJ, { lo: 52 * pJ, hi: 81 * pJ, source: TABLE_2, confidence: 'simulated' }),
    // to the first core, within a tile; further copies and all hops are counted by themselves
    neuronSpike: message,
    spikeMessage: message,
    ...hops,
  },
};

const fittedSilicon: EnergyTable = {
  name: 'fitted-silicon',
  note: 'Loihi 1 as fitted to measured boards, static power of one chip included; learning and hops are not part of the fit and keep the simulated figures.',
  perEvent: {
    synapticEvent: sourced(35.5 * pJ, {
      lo: 24 * pJ,
      hi: 35.5 * pJ,
      source: `${SANA_FE}: dense 35.5, sparse 33.6, convolution 24.0 pJ`,
      confidence: 'measured',
    }),
    synapticUpdate,
    neuronUpdate: sourced(72.8 * pJ, {
      lo: 51.2 * pJ,
      hi: 72.8 * pJ,
      source: `${SANA_FE}: access 51.2 + update 21.6 pJ`,
      confidence: 'measured',
    }),
    neuronSpike: sourced(180.3 * pJ, {
      lo: 69.3 * pJ,
      hi: 180.3 * pJ,
      source: `${SANA_FE}: spike 69.3 + message 111 pJ`,
      confidence: 'measured',
    }),
    spikeMessage: sourced(111 * pJ, {
      lo: 76.8 * pJ,
      hi: 111 * pJ,
      source: `${SANA_FE}: message 111 pJ, an earlier edition 76.8`,
      confidence: 'measured',
    }),
    ...hops,
  },
  static: sourced(0.104, {
    lo: 0.104,
    hi: 0.104,
    source: 'Frady et al. 2020: 3.34 W for 32 chips (voltage not stated)',
    confidence: 'measured',
  }),
};

export const ENERGY_TABLES = { 'davies-2018': davies2018, 'fitted-silicon': fittedSilicon } as const;
