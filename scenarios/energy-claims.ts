/**
 * Energy claims: for every device preset, the joules of one update and of one read with their split, and which of "under 10 fJ per update" and "10
 * to 100 times below digital" it meets; if not, under which voltage, conductance or width it would.
 */
import type { TableScenario } from 'hillock';
import { energyClaims } from 'hillock';

export const energyClaimsTable: TableScenario = {
  name: 'energy-claims',
  summary: 'joules per update and per read of every device, against "under 10 fJ" and "10-100x below digital"',
  table: () => energyClaims(),
};
