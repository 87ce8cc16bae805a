/**
 * Writing in an array whose cells have no switch of their own: the selected row is at V, all unselected lines at V/2, so that the other cells of the
 * row and of the selected columns see half the voltage. They heat, and over many writes they move. With a transistor per cell (1T1R) no cell is
 * half-selected; a two-terminal selector leaves 1/nonlinearity of the half-select current.
 */

export const ACCESSES = ['1T1R', 'selector', 'none'] as const;
export type Access = (typeof ACCESSES)[number];

export interface HalfSelectWrite {
  readonly rows: number;
  readonly columns: number;
  /** Cells of one row written together. */
  readonly selectedCells: number;
  /** Siemens of every cell. */
  readonly conductance: number;
  readonly volts: number;
  readonly pulseSeconds: number;
  readonly cellPitchMetres: number;
  readonly wireFaradPerMetre: number;
  readonly access: Access;
  /** Current of a selector at V over that at V/2; for the access `selector`. */
  readonly selectorNonlinearity?: number;
  readonly pulses?: number;
}

export interface HalfSelectJoules {
  readonly selected: number;
  readonly halfSelected: number;
  readonly rowWire: number;
  /** Selected columns are at ground. */
  readonly selectedColumnWire: number;
  readonly unselectedWires: number;
}

/** Cells that see V/2 when some cells of one row are written. */
export const halfSelectedCells = (rows: number, columns: number, selected: number): number => columns - selected + (rows - 1) * selected;

/** Share of the half-select current that flows. */
export function halfSelectShare(access: Access, selectorNonlinearity = 1): number {
  return access === '1T1R' ? 0 : access === 'none' ? 1 : 1 / selectorNonlinearity;
}

/** Joules of one write by the V/2 scheme (manual of NeuroSim V3.0). */
export function halfSelectJoules(write: HalfSelectWrite): HalfSelectJoules {
  const { rows, columns, selectedCells, conductance, volts, pulseSeconds, cellPitchMetres, wireFaradPerMetre, access, pulses = 1 } = write;
  const half = volts / 2;
  const heat = (v: number): number => v * v * conductance * pulseSeconds * pulses;
  const farad = cellPitchMetres * wireFaradPerMetre;
  const wire = (cells: number, v: number): number => cells * farad * v * v * pulses;
  const gated = access === '1T1R';
  return {
    selected: selectedCells * heat(volts),
    halfSelected: halfSelectShare(access, write.selectorNonlinearity) * halfSelectedCells(rows, columns, selectedCells) * heat(half),
    rowWire: wire(columns, volts),
    selectedColumnWire: 0,
    unselectedWires: gated ? 0 : (rows - 1) * wire(columns, half) + (columns - selectedCells) * wire(rows, half),
  };
}
