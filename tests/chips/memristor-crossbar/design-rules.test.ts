/** What the crossbar says about a network before it runs: exact messages, and use of tiles and cells. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../../../chips/memristor-crossbar/options.ts';
import { UserError } from '../../../core/errors.ts';
import type { ConnectOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan, checkDeployment } from '../../../core/plan/build-plan.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';

const hebb = (bounds: readonly [number, number] = [-1, 1], code = 'w += 0.01 * x1') =>
  rule({ name: 'hebb', traces: { x1: { on: 'pre', tau: '20 ms' } }, onPost: code, bounds });

function layer(nPre: number, nPost: number, connect: Partial<ConnectOptions> = {}): Network {
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('in', nPre);
  const cells = net.neurons('out', nPost, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(source, cells, { name: 'array', weight: 0.1, delay: '1 ms', ...connect });
  return net.freeze();
}

const findings = (description: Network, options: CrossbarOptions = {}): string[] =>
  checkDeployment(description, memristorCrossbar(options)).findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);

test('a network that suits the crossbar has no findings', () => {
  assert.equal(findings(layer(64, 10, { rule: hebb() })), []);
});

test('an array is cut into tiles; tiles and cells are reported with what there is', () => {
  const { placement } = checkDeployment(layer(300, 70), memristorCrossbar({ tiles: 8 }));
  assert.equal(placement, {
    uses: [
      { resource: 'tiles', where: 'chip', used: 6, available: 8 },
      { resource: 'cells', where: 'projection array', used: 42000, available: 6 * 128 * 128 },
    ],
    size: { lines: 300, cells: 42000, tiles: 6 },
    summary: '6 tiles of 128 x 128 cells',
  });
});

test('a reference column is one more column, and one cell per synapse', () => {
  const { placement } = checkDeployment(layer(100, 127), memristorCrossbar({ mapping: 'reference' }));
  assert.equal(placement.uses[0].used, 1);
  assert.equal(placement.uses[1].used, 12700);
  assert.equal(checkDeployment(layer(100, 128), memristorCrossbar({ mapping: 'reference' })).placement.uses[0].used, 2);
});

test('too few tiles', () => {
  assert.equal(findings(layer(300, 70), { tiles: 5 }), ['error E-TILES: the network needs 6 tiles of 128 x 128 cells, but the chip has 5']);
});

test('a rule without ends', () => {
  const description = layer(4, 2, { rule: { ...hebb(), bounds: [0, Number.POSITIVE_INFINITY] } });
  assert.ok(
    findings(description).includes('error E-BOUNDS: projection array: rule hebb has bounds 0 … Infinity, but a conductance has ends'),
  );
  assert.throws(
    () => buildPlan(description, memristorCrossbar()),
    (error: unknown) => error instanceof UserError && error.problems[0].code === 'E-BOUNDS',
  );
});

test('initial weights that cannot be held', () => {
  assert.equal(findings(layer(4, 2, { weight: { uniform: [-2, 0.5] }, rule: hebb() })), [
    'warning W-WEIGHT-CLIPPED: projection array: initial weights reach -2 … 0.5, but the array holds -1 … 1, set by the bounds of rule hebb',
  ]);
});

test('bounds of one sign', () => {
  assert.equal(findings(layer(4, 2, { rule: hebb([0, 1]) })), [
    'info I-HALF-RANGE: projection array: the bounds 0 … 1 of rule hebb use one half of what a pair of cells can hold',
  ]);
});

test('what becomes of small changes', () => {
  assert.equal(findings(layer(4, 2, { rule: hebb() }), { writePolicy: 'deterministic', levels: 64 }), [
    'info I-STEP: projection array: one pulse changes a weight by 0.0313; with the write policy deterministic, changes below half of it are lost',
  ]);
});

test('two synapses on one crossing', () => {
  const connect = { kind: 'explicit', sources: [0, 0, 1], targets: [0, 0, 0] } as const;
  assert.equal(findings(layer(2, 1, { connect })), [
    'warning W-CROSSING: projection array: 1 synapses share a crossing with another one; the cells they need are not counted in the placement',
  ]);
});

test('a sparse projection', () => {
  const found = findings(layer(100, 100, { connect: { kind: 'fixed-in-degree', degree: 5 } }));
  assert.is(found.length, 1);
  assert.match(found[0], /^info I-SPARSE: projection array uses 5\.\d % of the \d+ x 200 cells it occupies$/);
});

test('long lines of conductive cells', () => {
  assert.equal(findings(layer(128, 10), { device: 'gst-pcm' }), [
    'warning W-WIRE-DROP: columns of 128 cells of up to 212 uS lose about 14 % of their current in the wires when all inputs are active; with wires: "none" this model leaves that out',
  ]);
});

test('a rule may not use the names of the cells', () => {
  const description = layer(4, 2, {
    rule: rule({ name: 'own', variables: { heat: {} }, onPost: 'heat += 1\nlet count0 = 2\nw += heat * count0', bounds: [-1, 1] }),
  });
  assert.equal(findings(description), [
    'error E-NAME-TAKEN: projection array: rule own uses the name "heat", which the cells of the array need',
    'error E-NAME-TAKEN: projection array: rule own uses the name "count0", which the cells of the array need',
  ]);
});

test.run();
