// What a call was meant to do, in the infinitive: "edit a.ts", "run `npm publish`". For what is still going on and for what was refused.
import { isSubagentTool, isWorkflow } from '../turn/results.ts'
import type { Turn } from '../turn/turn.ts'
import { careOf } from './care.ts'
import { filesPhrase, isSayable, toolWords } from './names.ts'
import { quoted, shortened } from './quote.ts'

const WHAT_MAX = 60

export function triedPhrase(refusal: Turn['refusals'][number]): string {
  if (refusal.kind === 'plan') return 'proposed a plan'
  return `tried to ${wantedPhrase(refusal)}`
}

type Wanted = Pick<Turn['refusals'][number], 'kind' | 'name' | 'of' | 'acts'>

// "edit a.ts", "run `npm publish`", "commit “…”": a call in the infinitive.
export function wantedPhrase({ kind, name, of, acts }: Wanted): string {
  switch (kind) {
    case 'edit':
      return `edit ${of === '' ? 'a file' : filesPhrase([of], 1)}`
    case 'write':
      return `write ${of === '' ? 'a file' : filesPhrase([of], 1)}`
    case 'read':
      return `read ${of === '' ? 'a file' : filesPhrase([of], 1)}`
    case 'run':
      return wantedCommand(acts ?? [])
    case 'search':
      return of === '' ? 'search the code' : `search for ${quoted(shortened(of, 40))}`
    case 'web':
      return of === '' ? 'look something up' : `look up ${shortened(of.replace(/^https?:\/\//, ''), 50)}`
    case 'delegate':
      return isSubagentTool(name)
        ? `start a ${isWorkflow(name) ? 'workflow' : 'subagent'}${of === '' ? '' : ` for ${quoted(shortened(of, WHAT_MAX))}`}`
        : /^skill$/i.test(name) && of !== ''
          ? `use the ${of.slice(of.lastIndexOf(':') + 1)} skill`
          : (careOf(name)?.wanted ?? `use ${quoted(toolWords(name))}`)
    case 'ask':
      return 'ask a question'
    case 'plan':
      return 'propose a plan'
    case 'todo':
      return 'keep a to-do list'
    case 'other':
      if (careOf(name)) return careOf(name)!.wanted
      return / in \p{Lu}/u.test(toolWords(name)) ? toolWords(name) : `use ${quoted(toolWords(name))}`
  }
}

function wantedCommand(acts: NonNullable<Wanted['acts']>): string {
  const first = (...deeds: readonly string[]) => acts.find(({ deed }) => deeds.includes(deed))
  const main =
    first('commit', 'pr', 'push') ??
    first('modify', 'delete', 'rename', 'create') ??
    first('test', 'build', 'lint', 'typecheck', 'run', 'install') ??
    acts.find(({ deed }) => deed !== 'quiet' && deed !== 'list' && deed !== 'read' && deed !== 'search') ??
    acts.find(({ deed }) => deed !== 'quiet') ??
    acts[0]
  if (main === undefined) return 'run a command'
  switch (main.deed) {
    case 'commit':
      return `commit ${main.of ? quoted(shortened(main.of, 80)) : 'the changes'}`
    case 'push':
      return 'push'
    case 'pr':
      return main.how === 'create' || main.how === 'draft'
        ? 'open a PR'
        : `${main.how ?? 'change'} PR ${main.of ? `#${main.of}` : ''}`.trim()
    case 'test':
      return 'run the tests'
    case 'delete':
      return `delete ${filesPhrase([main.of ?? ''], 1)}`
    case 'search':
      return main.of !== undefined && isSayable(main.of) ? `search the code for ${quoted(main.of)}` : 'search the code'
    case 'list':
      return main.paths?.[0] ? `look around in ${filesPhrase([main.paths[0]], 1)}` : 'look around'
    case 'modify':
      return (main.paths?.length ?? 0) > 0
        ? `edit ${filesPhrase(main.paths!, 2)} with \`${main.tool ?? 'sed'}\``
        : `edit files with \`${main.tool ?? 'sed'}\``
    default:
      return `run \`${main.words}\``
  }
}
