/** What the design checks and the run had to say: warnings of the run, findings per chip (worst first), and what each model leaves out. */
import type { ChipResult, ResultDocument } from '../../experiments/result.ts';
import type { Panel } from '../panel.ts';
import { chipName, drawnChips, fileName } from '../panel.ts';
import { element, escapeText } from '../svg.ts';

type Finding = ChipResult['findings'][number];

const SEVERITIES = ['error', 'warning', 'info'] as const;

export function findingsPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document).filter(({ result }) => result.findings.length + result.caveats.length > 0);
  if (chips.length === 0 && document.warnings.length === 0) return null;
  const run =
    document.warnings.length === 0
      ? ''
      : element('h3', {}, 'Warnings of the run') + findingList(document.warnings.map((warning) => ({ severity: 'warning', ...warning })));
  const perChip = chips.map((chip) => {
    const { findings, caveats } = chip.result;
    const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    return element(
      'div',
      { class: 'card' },
      element('h3', {}, chipName(chip)),
      sorted.length === 0 ? '' : findingList(sorted),
      caveats.length === 0 ? '' : element('h4', {}, 'Left out by the model'),
      caveats.length === 0 ? '' : element('ul', { class: 'caveats' }, ...caveats.map((caveat) => element('li', {}, escapeText(caveat)))),
    );
  });
  return {
    id: 'findings',
    heading: 'Findings and caveats',
    body: run + (perChip.length === 0 ? '' : element('div', { class: 'cards text-cards' }, ...perChip)),
    caption:
      'An error means that the network would not run on the chip as it is, a warning that the result depends on something the chip does to it; caveats are what the chip model does not cover.',
    files: [
      {
        name: fileName(document, 'findings'),
        header: ['chip', 'severity', 'code', 'message', 'hint'],
        rows: [
          ...document.warnings.map(({ code, message, hint }) => ['', 'warning', code, message, hint]),
          ...chips.flatMap(({ result }) =>
            result.findings.map(({ severity, code, message, hint }) => [result.chip, severity, code, message, hint]),
          ),
          ...chips.flatMap(({ result }) => result.caveats.map((caveat) => [result.chip, 'caveat', '', caveat, ''])),
        ],
      },
    ],
  };
}

function findingList(findings: readonly Finding[]): string {
  return element(
    'ul',
    { class: 'findings' },
    ...findings.map(({ severity, code, message, hint }) =>
      element(
        'li',
        {},
        element('span', { class: `tag ${severity}` }, escapeText(severity)),
        ' ',
        element('code', {}, escapeText(code)),
        element('div', {}, escapeText(message)),
        hint ? element('div', { class: 'hint' }, escapeText(hint)) : '',
      ),
    ),
  );
}
