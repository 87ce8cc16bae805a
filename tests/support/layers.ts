/**
 * The direction of imports, as a table, and the functions that hold a list of import edges to it. A row may import itself, every row of a
 * lower layer (unless it names fewer), and the rows it names in `also`; never another row of its own layer.
 */

export interface Edge {
  /** Importing file, relative to the repository's root. */
  readonly from: string;
  /** Imported file. */
  readonly to: string;
}

interface Row {
  /** A file belongs to the row with the longest prefix that fits it; `*` stands for one folder name, and each is a row of its own. */
  readonly prefix: string;
  readonly layer: number;
  /** Highest lower layer that may be imported; layer - 1 when absent. */
  readonly upTo?: number;
  /** Rows that may be imported besides. */
  readonly also?: readonly string[];
}

/** Layer 0: single files that stand on nothing but each other. */
const GROUND: readonly string[] = [
  'core/errors.ts',
  'core/check-options.ts',
  'core/json-places.ts',
  'core/units.ts',
  'core/random.ts',
  'core/typed-arrays-utils.ts',
  'core/exact-sum.ts',
];

export const LAYERS: readonly Row[] = [
  { prefix: 'package.json', layer: 0 },
  ...GROUND.map((prefix) => ({ prefix, layer: 0, also: GROUND })),
  { prefix: 'core/program/', layer: 1 },
  { prefix: 'core/synapses/', layer: 2 },
  { prefix: 'core/energy/', layer: 2 },
  { prefix: 'core/wires/', layer: 2 },
  { prefix: 'core/neurons/', layer: 3 },
  { prefix: 'core/plasticity/', layer: 3 },
  { prefix: 'core/network/', layer: 4 },
  { prefix: 'core/chip-effects.ts', layer: 5 },
  { prefix: 'core/chip-contract.ts', layer: 5, also: ['core/chip-effects.ts'] },
  { prefix: 'core/lowering/', layer: 5, also: ['core/chip-contract.ts'] },
  { prefix: 'core/plan/', layer: 6 },
  { prefix: 'core/kernel/', layer: 7, upTo: 2, also: ['core/plan/'] },
  { prefix: 'core/index.ts', layer: 8 },
  { prefix: 'chips/*/', layer: 8, upTo: 5 },
  { prefix: 'workers/', layer: 8 },
  { prefix: 'formats/', layer: 8, upTo: 4 },
  { prefix: 'experiments/', layer: 9 },
  { prefix: 'simulation.ts', layer: 9 },
  { prefix: 'report/', layer: 10 },
  { prefix: 'index.ts', layer: 10, also: ['report/'] },
  { prefix: 'scenarios/', layer: 10, upTo: -1, also: ['index.ts'] },
  { prefix: 'cli/', layer: 10, also: ['report/', 'index.ts', 'scenarios/'] },
];

/** Public doors: the only files named index.ts. */
export const DOORS: readonly string[] = ['index.ts', 'core/index.ts'];

/** A sentence for every edge that the table does not allow. */
export function offendingEdges(edges: readonly Edge[], table: readonly Row[] = LAYERS): string[] {
  return edges.flatMap(({ from, to }) => {
    const reason = reasonAgainst(from, to, table);
    return reason === undefined ? [] : [`${from} -> ${to}: ${reason}`];
  });
}

function reasonAgainst(from: string, to: string, table: readonly Row[]): string | undefined {
  const source = rowOf(from, table);
  const target = rowOf(to, table);
  if (source === undefined) return `${from} belongs to no layer; give it a row`;
  if (target === undefined) return `${to} belongs to no layer`;
  if (source.name === target.name) return undefined;
  if (source.row.also?.some((prefix) => prefix === target.row.prefix || matchLength(prefix, to) > 0)) return undefined;
  const highest = source.row.upTo ?? source.row.layer - 1;
  if (target.row.layer <= highest) return undefined;
  const own = `${source.name} (layer ${source.row.layer})`;
  return target.row.layer === source.row.layer
    ? `${own} may not import sideways from ${target.name}`
    : `${own} may import layers up to ${highest}, not ${target.name} (layer ${target.row.layer})`;
}

/** The row of a file, and the row's name with `*` filled in, which tells chips/ideal/ from chips/loihi-like/. */
function rowOf(file: string, table: readonly Row[]): { row: Row; name: string } | undefined {
  let best: Row | undefined;
  let length = 0;
  for (const row of table) {
    const matched = matchLength(row.prefix, file);
    if (matched > length) {
      best = row;
      length = matched;
    }
  }
  return best && { row: best, name: file.slice(0, length) };
}

/** Length of the part of `file` that the prefix fits, 0 when it does not. A prefix that ends in `.ts` has to fit the whole name. */
function matchLength(prefix: string, file: string): number {
  const pattern = prefix.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(`^${pattern}${prefix.endsWith('/') ? '' : '$'}`).exec(file)?.[0].length ?? 0;
}

/** Every import cycle once, as `a -> b -> a`; found by depth-first search, so overlapping cycles may be reported as one. */
export function importCycles(edges: readonly Edge[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = targets.get(from);
    if (known === undefined) targets.set(from, [to]);
    else known.push(to);
  }
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      cycles.push([...path.slice(start), file].join(' -> '));
      return;
    }
    if (finished.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}
