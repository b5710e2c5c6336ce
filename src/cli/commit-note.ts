// What of a commit agents wrote, in a few lines of plain text: fit for `git notes`, the same for the same record, without this machine's names.
import { maskSecrets } from '../folds/secrets.ts'
import type { CommitAnswer } from '../wire/commits.ts'
import { moneyIn, oneLine, some, when } from './print.ts'

export interface NoteWish {
  readonly labelOf: (agent: string) => string
  readonly prompts: boolean // with their words
}

const PROMPT_MAX = 72

export function noteLines(answer: CommitAnswer, { labelOf, prompts }: NoteWish): string[] {
  const { lines, share, files } = answer
  if (share === null) return ['Agents wrote none of it: the commit added no lines that were looked at.']
  const sure = (['exact', 'moved', 'inferred'] as const).flatMap((each) =>
    lines[each] > 0 ? [`${lines[each]} ${each}`] : [],
  )
  return [
    `Agents wrote ${lines.agent} of ${some(lines.added, 'added line')} (${shareIn(share)})${sure.length > 0 ? `: ${sure.join(', ')}` : ''}; ${lines.unknown} human or unknown.`,
    ...answer.models.map(
      ({ agent, model, lines: own }) =>
        `  ${some(own, 'line')} by ${labelOf(agent)}${model === null ? '' : `, ${model}`}`,
    ),
    ...(answer.prompts.length === 0
      ? []
      : [`${some(answer.prompts.length, 'prompt')}, ${moneyIn(answer)} for all they did:`]),
    ...answer.prompts.map(
      ({ started, lines: own, session, text, ...money }) =>
        `  ${when(started)} UTC, ${some(own, 'line')}, ${moneyIn(money)}, ${session}${prompts && text !== null ? `: ${oneLine(text, PROMPT_MAX)}` : ''}`,
    ),
    ...files
      .filter(({ added }) => added > 0)
      .map(({ path, agent, added }) => `  ${maskSecrets(path)}: ${agent} of ${added}`),
  ]
}

export const shareIn = (share: number): string => `${Number((share * 100).toFixed(1))} %`
