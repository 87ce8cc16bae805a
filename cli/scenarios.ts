/** `hillock scenarios`: the experiments that ship. `show --json` prints one as an experiment file would write it, on generated data. */
import { GLYPH_SIZE } from '../experiments/data/glyphs.ts';
import type { QuestionScenario, Scenario, TableScenario } from '../experiments/scenario.ts';
import type { Answer, Terminal } from './answer.ts';
import type { CatalogueOptions } from './catalogue.ts';
import { consult, outline } from './catalogue.ts';
import { questionScenarios, scenarioTable, tableScenarios } from './scenario-table.ts';

export function scenarios(action: string, name: string | undefined, options: CatalogueOptions, terminal: Terminal): Answer {
  return consult(
    {
      verb: 'scenarios',
      noun: 'scenario',
      entries: { ...scenarioTable, ...tableScenarios, ...questionScenarios },
      row: (scenario) => ({
        summary: scenario.summary,
        data: isNetwork(scenario) ? scenario.data : 'on' in scenario ? scenarioTable[scenario.on].data : 'none',
        rule: isNetwork(scenario) ? scenario.rule : 'on' in scenario ? scenarioTable[scenario.on].rule : '-',
      }),
      data: (scenario) => {
        if (isNetwork(scenario)) return asWritten(scenario);
        return 'on' in scenario ? scenario : { name: scenario.name, summary: scenario.summary };
      },
      text: (scenario) => {
        if (!isNetwork(scenario)) {
          const asked = 'on' in scenario ? { question: scenario.question, on: scenario.on, chips: scenario.chips } : {};
          return outline(scenario.name, { summary: scenario.summary, ...asked, run: `hillock run ${scenario.name}` });
        }
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

const isNetwork = (scenario: Scenario | TableScenario | QuestionScenario): scenario is Scenario => 'build' in scenario;

const asWritten = (scenario: Scenario) => {
  const { name, title, summary, network, task } = scenario.build({ pixels: GLYPH_SIZE * GLYPH_SIZE, realImages: false });
  return { name, title, summary, rule: scenario.rule, network, task };
};
