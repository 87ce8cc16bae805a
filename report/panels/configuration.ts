/** Everything needed to repeat the run: command, rule text, full configuration, hashes of what went in and of what came out. */
import type { ResultDocument } from '../../experiments/result.ts';
import type { Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, table } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

export function configurationPanel(document: ResultDocument): Panel {
  const { rule, inputs } = document;
  const citation = rule.citation ? element('p', { class: 'note' }, escapeText(rule.citation)) : '';
  const inputRows = Object.entries(inputs).map(([name, { sha256, what }]) => [
    escapeText(name),
    escapeText(what ?? ''),
    element('code', { class: 'hash' }, escapeText(sha256)),
  ]);
  const stateRows = drawnChips(document).map((chip) => [
    chipName(chip),
    element('code', { class: 'hash' }, escapeText(chip.result.stateHash)),
  ]);
  return {
    id: 'configuration',
    heading: 'Rule, configuration, hashes',
    body: [
      element('h3', {}, `Rule ${escapeText(rule.name)}`),
      citation,
      preformatted('Text of the rule', rule.text),
      element('h3', {}, 'To reproduce'),
      preformatted('Command', document.command),
      inputRows.length === 0 ? '' : element('h3', {}, 'What went in') + table('Inputs', ['Input', 'What', 'SHA-256'], inputRows),
      stateRows.length === 0
        ? ''
        : element('h3', {}, 'Final state') + table('Hashes of the final state', ['Chip', 'Hash of all weights and states'], stateRows),
      element(
        'details',
        {},
        element('summary', {}, 'Full configuration'),
        preformatted('Configuration', JSON.stringify(document.configuration, null, 2)),
      ),
    ].join(''),
    caption: 'The same version, command and inputs give the same hashes of the final state, on any number of workers.',
    files: [
      {
        name: fileName(document, 'hashes'),
        header: ['what', 'name', 'hash'],
        rows: [
          ...Object.entries(inputs).map(([name, { sha256 }]) => ['input', name, sha256]),
          ...document.results.map((result) => ['final state', result.chip, result.stateHash]),
        ],
      },
    ],
  };
}

function preformatted(label: string, text: string): string {
  return element('pre', { tabindex: '0', 'aria-label': label, role: 'region' }, element('code', {}, escapeText(text)));
}
