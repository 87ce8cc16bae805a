/**
 * What does not fit the cores, in words: which resource, where, by how much, and a split that fits. A population is cut by the placement
 * already, so what is left is a single neuron that asks for more than a core, or more cores than there are.
 */
import type { Placement, Violation } from '../../core/chip-contract.ts';
import type { CoreResource } from './core-needs.ts';
import { coreResources } from './core-needs.ts';
import type { LoihiPlacement, Slice } from './place.ts';
import { nameOf, needOf } from './place.ts';
import { LOIHI } from './profile.ts';
import type { LoihiSettings } from './switches.ts';

export function resourceFindings(placement: Placement, settings: LoihiSettings): Violation[] {
  const { cores } = placement as LoihiPlacement;
  const resources = coreResources(settings);
  return [...chipOverflow(cores, resources, settings), ...coreOverflow(cores, resources), ...mixedLearning(cores)];
}

const finding = (severity: Violation['severity'], code: string, message: string, hint: string): Violation => ({
  severity,
  designRule: 'core-resources',
  code,
  message,
  hint,
});

/** More cores than the chips have: where they all go, and how the same slices lie on enough chips. */
function chipOverflow(cores: LoihiPlacement['cores'], resources: readonly CoreResource[], { chips }: LoihiSettings): Violation[] {
  const perChip = LOIHI.coresPerChip.value;
  const available = perChip * chips;
  if (cores.length <= available) return [];
  const needed = Math.ceil(cores.length / perChip);
  const where = chips === 1 ? 'chip' : `${chips} chips`;
  const message = `${where}: ${cores.length} cores needed, ${available} there, ${cores.length - available} too many; ${heaviest(cores, resources)}`;
  const split = Array.from({ length: needed }, (_, n) => `chip ${n}: ${rangesOf(cores.slice(n * perChip, (n + 1) * perChip).flat())}`);
  return [finding('error', 'E-LOIHI-RESOURCES', message, `set chips to ${needed}, which fits as\n${split.join('\n')}`)];
}

/** The population on most cores, and the resource that cut it. */
function heaviest(cores: LoihiPlacement['cores'], resources: readonly CoreResource[]): string {
  const counts = new Map<string, Slice[]>();
  for (const slice of cores.flat()) counts.set(slice.population, [...(counts.get(slice.population) ?? []), slice]);
  const [population, slices] = [...counts].reduce((most, one) => (one[1].length > most[1].length ? one : most));
  const [first] = slices;
  const fullest = resources.reduce((most, one) => (one.used(first.need) / one.limit > most.used(first.need) / most.limit ? one : most));
  const width = first.end - first.first;
  return `${population} alone takes ${slices.length} slices of ${width} neurons, each with ${fullest.used(first.need)} of ${fullest.limit} ${fullest.name}`;
}

/** `in 0-99, out 0-9`, with neighbouring slices joined. */
function rangesOf(slices: readonly Slice[]): string {
  const joined: Slice[] = [];
  for (const slice of slices) {
    const last = joined.at(-1);
    if (last !== undefined && last.population === slice.population && last.end === slice.first)
      joined[joined.length - 1] = { ...last, end: slice.end };
    else joined.push(slice);
  }
  return joined.map(nameOf).join(', ');
}

function coreOverflow(cores: LoihiPlacement['cores'], resources: readonly CoreResource[]): Violation[] {
  return cores.flatMap((placed, n) => {
    const need = needOf(placed);
    return resources
      .filter(({ used, limit }) => used(need) > limit)
      .map(({ name, used, limit }): Violation => {
        const asked = used(need);
        const message = `core ${n} (${placed.map(nameOf).join(', ')}): ${asked} ${name} needed, ${limit} there, ${asked - limit} too many`;
        return finding('error', 'E-LOIHI-RESOURCES', message, splitOf(placed, asked, limit, name));
      });
  });
}

function splitOf(placed: readonly Slice[], asked: number, limit: number, resource: string): string {
  const [{ population }] = placed;
  const parts = Math.ceil(asked / limit);
  const each = Math.ceil(asked / parts);
  return `one neuron of ${population} asks for all of this: put ${parts} neurons in its place, each with a ${ORDINALS[parts] ?? `${parts}th`} of its connections (${each} ${resource}), and let a further one sum them`;
}

const ORDINALS: Readonly<Record<number, string>> = { 2: 'half', 3: 'third', 4: 'quarter' };

/** The validator of nengo-loihi refuses a core on which only some synapses learn; nothing published says that the chip does. */
function mixedLearning(cores: LoihiPlacement['cores']): Violation[] {
  const mixed = cores.flatMap((placed, n) => {
    const { synapses, plasticSynapses } = needOf(placed);
    return plasticSynapses > 0 && plasticSynapses < synapses ? [n] : [];
  });
  if (mixed.length === 0) return [];
  const where = mixed.length > 8 ? `${mixed.length} cores hold` : `core ${mixed.join(', ')} ${mixed.length === 1 ? 'holds' : 'hold'}`;
  const message = `${where} synapses that learn beside synapses that do not, which the validator of nengo-loihi refuses`;
  return [finding('info', 'I-LOIHI-MIXED-CORE', message, 'if your tools refuse it too, let a population of its own relay the fixed input')];
}
