/** `hillock scenarios`: the experiments that ship. `show --json` prints one as an experiment file would write it, on generated data. */
import { GLYPH_SIZE } from '../experiments/data/glyphs.ts';
import type { Scenario, TableScenario } from '../experiments/scenario.ts';
import type { Answer, Terminal } from './answer.ts';
import type { CatalogueOptions } from './catalogue.ts';
import { consult, outline } from './catalogue.ts';
import { scenarioTable, tableScenarios } from './scenario-table.ts';

export function scenarios(action: string, name: string | undefined, options: CatalogueOptions, terminal: Terminal): Answer {
  return consult(
    {
      verb: 'scenarios',
      noun: 'scenario',
      entries: { ...scenarioTable, ...tableScenarios },
      row: (scenario) => ({
        summary: scenario.summary,
        data: isTable(scenario) ? 'none' : scenario.data,
        rule: isTable(scenario) ? '-' : scenario.rule,
      }),
      data: (scenario) => (isTable(scenario) ? { name: scenario.name, summary: scenario.summary } : asWritten(scenario)),
      text: (scenario) => {
        if (isTable(scenario)) return outline(scenario.name, { summary: scenario.summary, run: `hillock run ${scenario.name}` });
        const { name: title, title: sentence, summary, rule, task } = asWritten(scenario);
        return outline(title, { title: sentence, summary, rule, data: scenario.data, task, run: `hillock run ${title}` });
      },
    },
    action,
    name,
    options,
    terminal,
  );
}

const isTable = (scenario: Scenario | TableScenario): scenario is TableScenario => 'table' in scenario;

const asWritten = (scenario: Scenario) => {
  const { name, title, summary, network, task } = scenario.build({ pixels: GLYPH_SIZE * GLYPH_SIZE, realImages: false });
  return { name, title, summary, rule: scenario.rule, network, task };
};
