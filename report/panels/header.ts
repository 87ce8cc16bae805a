/** The top of the report: the verdict in words, then what was run and how to run it again. */
import type { ResultDocument } from '../../experiments/result.ts';
import { formatCount, formatDuration } from '../format.ts';
import { chipName, drawnChips } from '../panel.ts';
import { element, escapeText } from '../svg.ts';
import { verdict } from '../verdict.ts';

const HASH_SHOWN = 12;

export function header(document: ResultDocument): string {
  const [first, ...rest] = verdict(document);
  const hashes = Object.entries(document.inputs).map(([name, { sha256 }]) =>
    element('span', { class: 'input' }, escapeText(name), ' ', element('code', { title: sha256 }, escapeText(sha256.slice(0, HASH_SHOWN)))),
  );
  const facts: [string, string][] = [
    ['Chips', drawnChips(document).map(chipName).join(' ')],
    ['Rule', escapeText(document.rule.name) + (document.rule.citation ? element('small', {}, escapeText(document.rule.citation)) : '')],
    ['Seeds', `${formatCount(document.seeds)}, base seed ${escapeText(document.seed)}`],
    ['Version', `hillock ${escapeText(document.version)}`],
    ['Wall time', escapeText(formatDuration(document.wallSeconds))],
    ['Inputs', hashes.join(' ')],
  ];
  return element(
    'header',
    {},
    element('p', { class: 'kicker' }, escapeText(document.scenario)),
    element('h1', {}, escapeText(document.title)),
    element('p', { class: 'summary' }, escapeText(document.summary)),
    element(
      'div',
      { class: 'verdict' },
      element('p', { class: 'lead' }, escapeText(first)),
      ...rest.map((sentence) => element('p', {}, escapeText(sentence))),
    ),
    element(
      'dl',
      {},
      ...facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    ),
    element(
      'pre',
      { tabindex: '0', 'aria-label': 'Command that reproduces this report', role: 'region', class: 'command' },
      element('code', {}, ...unbrokenWords(document.command)),
    ),
  );
}

/** Keeps a line from breaking after the hyphens of an option. */
function unbrokenWords(command: string): string[] {
  return command.split(' ').flatMap((word, k) => [k === 0 ? '' : ' ', element('span', { class: 'word' }, escapeText(word))]);
}
