/** `hillock chips`: the chips, and every number of one of them. */
import { chipTable } from '../experiments/chips.ts';
import type { Answer, Terminal } from './answer.ts';
import type { CatalogueOptions } from './catalogue.ts';
import { consult, outline } from './catalogue.ts';

export function chips(action: string, name: string | undefined, options: CatalogueOptions, terminal: Terminal): Answer {
  return consult(
    {
      verb: 'chips',
      noun: 'chip',
      entries: chipTable,
      row: ({ summary, variants }) => ({ summary, variants }),
      data: (entry) => entry.make().profile,
      text: (entry) => {
        const { name: chip, title, summary, caveats, parameters, energy } = entry.make().profile;
        const costs = Object.fromEntries(
          Object.entries(energy.perEvent).flatMap(([kind, figure]) =>
            figure === undefined ? [] : [[kind, `${figure.value} J [${figure.lo}, ${figure.hi}]  ${figure.confidence}: ${figure.source}`]],
          ),
        );
        return outline(`${chip}  ${title}`, {
          summary,
          variants: entry.variants,
          parameters,
          energy: { note: energy.note, ...costs },
          caveats,
        });
      },
    },
    action,
    name,
    options,
    terminal,
  );
}
