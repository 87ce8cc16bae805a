/** The page of `hillock verify`: whether the rules compute what they claim, every check, and the curves behind the figures. */

import type { Verdict } from '../experiments/verify/verdict.ts';
import { VERSION } from '../experiments/version.ts';
import { joinWords, plural } from './format.ts';
import { page } from './page.ts';
import { renderPanel } from './panel.ts';
import { checksPanel, curvePanels } from './panels/checks.ts';
import { element, escapeText } from './svg.ts';

export function renderVerification(checks: readonly Verdict[], command: string): string {
  const subjects = [...new Set(checks.map(({ subject }) => subject))];
  const failed = checks.filter(({ passes }) => !passes);
  const title = subjects.length === 1 ? `${subjects[0]} against its mathematics` : 'Rules against their mathematics';
  const panels = [checksPanel(checks), ...curvePanels(checks)];
  const lead =
    failed.length === 0
      ? `${checks.length === 1 ? 'The one check holds' : `All ${plural(checks.length, 'check')} hold`}.`
      : `${failed.length} of ${plural(checks.length, 'check')} ${failed.length === 1 ? 'fails' : 'fail'}: ${joinWords(failed.map(({ subject, name }) => `${subject}, ${name}`))}.`;
  return page({
    title,
    header: element(
      'header',
      {},
      element('p', { class: 'kicker' }, 'hillock verify'),
      element('h1', {}, escapeText(title)),
      element(
        'p',
        { class: 'summary' },
        'The text of each rule as it ships, compiled and applied to rates or run in the kernel, against gradients, closed forms and published equations.',
      ),
      element('div', { class: 'verdict' }, element('p', { class: 'lead' }, escapeText(lead))),
      element('pre', { class: 'command' }, element('code', {}, escapeText(command))),
    ),
    contents: panels.map(({ id, heading }) => ({ id, heading })),
    body: panels.map(renderPanel).join('\n'),
    footer: `hillock ${VERSION}`,
  });
}
