/** One page over several runs: rules on the same task beside each other, on every chip. Each run has a report of its own. */
import type { ResultDocument } from '../experiments/result.ts';
import { plural } from './format.ts';
import { page } from './page.ts';
import { renderPanel } from './panel.ts';
import { learningCost } from './panels/learning-cost.ts';
import { element, escapeText } from './svg.ts';

export function renderRules(documents: readonly ResultDocument[]): string {
  const title = [...new Set(documents.map(({ scenario }) => scenario))].join(', ');
  const panels = [learningCost(documents)].filter((panel) => panel !== null);
  const commands = documents.map(({ command }) => element('pre', { class: 'command' }, element('code', {}, escapeText(command))));
  return page({
    title: `${title}: rules compared`,
    header: element(
      'header',
      {},
      element('p', { class: 'kicker' }, escapeText(title)),
      element('h1', {}, 'Rules compared'),
      element('p', { class: 'summary' }, escapeText(`${plural(documents.length, 'run')}, each with a report of its own`)),
      ...commands,
    ),
    contents: panels.map(({ id, heading }) => ({ id, heading })),
    body: panels.map(renderPanel).join('\n'),
    footer: `hillock ${documents[0].version}, result schema ${documents[0].schema}`,
  });
}
