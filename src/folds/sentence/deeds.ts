// What was done in a turn, as clauses, the strongest first. Only what truly happened: files with their results, commands with theirs.
import type { Turn } from '../turn/turn.ts'
import { gitDeeds, packageDeeds } from './gitdeeds.ts'
import { filesPhrase } from './names.ts'
import { quoted, shortened } from './quote.ts'
import { runsOf } from './running.ts'
import { softDeeds } from './softdeeds.ts'

export interface Deed {
  readonly rank: number
  readonly verb: string
  readonly text: string // "edited a.ts and b.ts"
  readonly short?: string // the same, where there is little room
  readonly events: readonly string[]
  readonly is: 'files' | 'git' | 'run' | 'agents' | 'look' | 'word' | 'aside' | 'tried'
}

export function deedsOf(turn: Turn): Deed[] {
  const deeds = [...fileDeeds(turn), ...gitDeeds(turn), ...packageDeeds(turn), ...softDeeds(turn)]
  return deeds.sort((a, b) => b.rank - a.rank)
}

type File = Turn['files'][number]
const eventsOf = (files: readonly File[]): string[] => files.flatMap((file) => file.events.slice(0, 1))

// The files with the most in them first; tests and papers behind the code they belong to.
const weight = (file: File): number =>
  Math.min(400, file.added + file.removed) +
  file.events.length * 10 -
  (/(?:^|[/_.-])(?:tests?|spec)(?:[/_.-]|$)/i.test(file.path) ? 500 : 0) -
  (/\.(?:md|lock|sum|txt)$/i.test(file.path) ? 200 : 0)
const byWeight = (files: readonly File[]): File[] => [...files].sort((a, b) => weight(b) - weight(a))

function fileDeeds(turn: Turn): Deed[] {
  const work = turn.files.filter((file) => !file.aside)
  const deeds: Deed[] = []
  const made = byWeight(work.filter((file) => file.change === 'created' && file.by === 'tool'))
  const edited = byWeight(work.filter((file) => file.change === 'modified' && file.by === 'tool'))
  const touched = made.length + edited.length + turn.filesMore
  const isFix = turn.tests === 'fixed' && turn.testsBeforeChange
  const lines = (files: readonly File[]) => files.reduce((sum, file) => sum + file.added + file.removed, 0)
  const madeLeads = made.length > 0 && (made.length >= edited.length || lines(made) >= lines(edited))
  const among = [...made, ...edited].map(({ path }) => path)
  const room = made.length > 0 && edited.length > 0 ? 2 : 3
  if (made.length > 0) deeds.push(fileDeed('wrote', made, madeLeads ? 82 : 79, room, 0, among))
  if (edited.length > 0) {
    const plain = withTopics(turn, fileDeed('edited', edited, 80, room, turn.filesMore, among))
    deeds.push(
      isFix && !madeLeads
        ? {
            ...plain,
            verb: 'fixed',
            text: `fixed the failing tests (${plain.text})`,
            short: `fixed the failing tests (${plain.short})`,
          }
        : plain,
    )
  }
  deeds.push(...commandDeeds(turn, work))
  if (touched === 0 || deeds.length === 0) deeds.push(...asideDeeds(turn))
  return deeds
}

// What the change brought in, where the prompt spoke of it: "edited main.go (`os.Args`)".
function withTopics({ topics }: Turn, deed: Deed): Deed {
  const names = topics.slice(0, 2).map((name) => `\`${name}\``)
  return names.length === 0 ? deed : { ...deed, text: `${deed.text} (${names.join(', ')})` }
}

function fileDeed(
  verb: string,
  files: readonly File[],
  rank: number,
  named: number,
  more = 0,
  among?: readonly string[],
): Deed {
  const paths = files.map(({ path }) => path)
  return {
    rank,
    verb,
    text: `${verb} ${filesPhrase(paths, named, more, among)}`,
    short: `${verb} ${filesPhrase(paths, paths.length > 3 ? 2 : 1, more, among)}`,
    events: eventsOf(files),
    is: 'files',
  }
}

// Room for both of what was replaced.
const SWAP_MAX = 44

// Changes made by commands alone.
function commandDeeds(turn: Turn, work: readonly File[]): Deed[] {
  const deeds: Deed[] = []
  const by = work.filter((file) => file.by === 'command')
  const swaps = turn.done.filter((done) => done.deed === 'modify')
  const swap = swaps.find((done) => done.from !== undefined && done.of !== undefined)
  const changed = by.filter((file) => file.change === 'modified')
  if (swap !== undefined) {
    const where =
      swap.some || changed.length === 0
        ? 'across the files'
        : `in ${filesPhrase(
            changed.map(({ path }) => path),
            2,
          )}`
    deeds.push({
      rank: 68,
      verb: 'replaced',
      text: `replaced ${quoted(shortened(swap.from!, SWAP_MAX))} with ${quoted(shortened(swap.of!, SWAP_MAX))} ${where}`,
      events: [...new Set(swaps.map(({ event }) => event))],
      is: 'files',
    })
  } else if (changed.length > 0 || swaps.length > 0) {
    const formats = runsOf(turn).filter(
      (run) => run.deed === 'format' && run.results.some(({ state }) => state === 'passed'),
    )
    const formatted =
      formats.length > 0 &&
      swaps.length === 0 &&
      changed.every((file) => formats.some((run) => run.results.some(({ event }) => file.events.includes(event))))
    const verb = formatted ? 'formatted' : 'edited'
    const names =
      changed.length === 0
        ? 'files'
        : filesPhrase(
            changed.map(({ path }) => path),
            3,
          )
    const how = formatted ? ` with ${formats[0]!.tool}` : swaps[0] ? ` with \`${swaps[0].words.split(' ')[0]}\`` : ''
    // What a package manager wrote is told by its package.
    if (
      changed.length === 0 ||
      !changed.every((file) => isPackageFile(file.path)) ||
      !turn.done.some(({ deed }) => deed === 'install')
    )
      deeds.push({
        rank: 61,
        verb,
        text: `${verb} ${names}${how}`,
        events: changed.length > 0 ? eventsOf(changed) : [swaps[0]!.event],
        is: 'files',
      })
  }
  const pattern = turn.done.find((done) => done.deed === 'rename')
  if (pattern)
    deeds.push({
      rank: 67,
      verb: 'moved',
      text: `moved ${pattern.from} to ${pattern.of === '.' ? 'the root' : pattern.of}`,
      events: [pattern.event],
      is: 'files',
    })
  const moved = by.filter((file) => file.change === 'renamed')
  if (moved.length > 0) deeds.push(movedDeed(moved))
  const gone = by.filter((file) => file.change === 'deleted')
  if (gone.length > 0) deeds.push({ ...fileDeed('deleted', gone, 60, 3), verb: 'deleted' })
  const made = by.filter((file) => file.change === 'created')
  if (made.length > 0) deeds.push(fileDeed('created', made, 61, 3))
  const removed = work.filter((file) => file.by === 'tool' && (file.change === 'deleted' || file.change === 'renamed'))
  if (removed.length > 0) {
    const away = removed.filter(({ change }) => change === 'deleted')
    if (away.length > 0) deeds.push(fileDeed('deleted', away, 66, 3))
    const renamed = removed.filter(({ change }) => change === 'renamed')
    if (renamed.length > 0) deeds.push(movedDeed(renamed))
  }
  return deeds
}

const isPackageFile = (path: string): boolean =>
  /(?:^|\/)(?:go\.(?:mod|sum)|package(?:-lock)?\.json|[\w.-]*\.lock|pnpm-lock\.yaml|Cargo\.toml|pyproject\.toml|requirements[\w.-]*\.txt|Gemfile)$/.test(
    path,
  )

function movedDeed(moved: readonly File[]): Deed {
  const [first] = moved
  const from = first!.from ?? ''
  const folder = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1)
  const verb = moved.length === 1 && folder(from) === folder(first!.path) ? 'renamed' : 'moved'
  const to =
    name(from) === name(first!.path) || folder(from) !== folder(first!.path)
      ? first!.path.split('/').slice(-2).join('/')
      : name(first!.path)
  const text =
    moved.length === 1
      ? `${verb} ${from.split('/').slice(-2).join('/')} to ${to}`
      : `${verb} ${filesPhrase(
          moved.map((file) => file.from ?? file.path),
          3,
        )}${goal(moved.map((file) => folder(file.path)))}`
  return { rank: 66, verb, text, events: eventsOf(moved), is: 'files' }
}

// Where all of them went.
function goal(folders: readonly string[]): string {
  if (new Set(folders).size !== 1) return ''
  const name = folders[0]!.replace(/\/$/, '').split('/').at(-1)!
  return ` to ${name === '' || name === '.' ? 'the root' : name}`
}

// Plans, notes and scratch files lead only where nothing else was done.
function asideDeeds(turn: Turn): Deed[] {
  const aside = turn.files.filter((file) => file.aside && file.change !== 'deleted')
  if (aside.length === 0) return []
  const of = (test: RegExp) => aside.filter(({ path }) => test.test(path))
  const notes = of(/memor/i)
  const plans = of(/\/plans?\//)
  const rest = aside.filter((file) => !notes.includes(file) && !plans.includes(file) && file.by === 'tool')
  const deeds: Deed[] = []
  if (notes.length > 0) {
    const names = filesPhrase(
      byWeight(notes).map(({ path }) => path),
      2,
    )
    const isNew = notes.every(({ change }) => change === 'created')
    deeds.push({
      rank: 36,
      verb: isNew ? 'wrote' : 'updated',
      text: `${isNew ? 'wrote' : 'updated'} its ${notes.length === 1 ? 'memory note' : 'memory notes'} ${names}`,
      events: eventsOf(notes),
      is: 'aside',
    })
  }
  if (plans.length > 0)
    deeds.push({ rank: 37, verb: 'planned', text: 'wrote a plan', events: eventsOf(plans), is: 'aside' })
  if (rest.length > 0)
    deeds.push({
      rank: 34,
      verb: 'wrote',
      text: `wrote ${rest.length === 1 ? 'the scratch file' : 'scratch files'} ${filesPhrase(
        rest.map(({ path }) => path),
        2,
      )}`,
      events: eventsOf(rest),
      is: 'aside',
    })
  return deeds
}
