// Files of the invented machine, answered by the same questions as the server's, over what the world's turns touched.

import type { SessionRow } from '../../src/folds/session.ts'
import { isAside } from '../../src/folds/turn/files.ts'
import { nameOf } from '../../src/folds/turn/paths.ts'
import type { Touch } from '../../src/folds/turn/turn.ts'
import { type BlameReader, blameFile } from '../../src/insights/provenance/blame.ts'
import { fileHistory, filesOfTurn, listFiles } from '../../src/insights/provenance/files.ts'
import type { FileSort, FilesReader, FileTotals, FileTouch, TouchingTurn } from '../../src/stores/files.ts'
import { eventText, LABELS, type World } from './world.ts'

const labelOf = (agent: string): string => LABELS[agent] ?? agent
const NANO_A_PROMPT = 420_000_000

export function filesAnswer(world: World, query: URLSearchParams): Promise<object> {
  const { words, sort, limit, offset } = Object.fromEntries(query)
  const [read, aside] = ['read', 'aside'].map((name) => query.get(name) === '1') as [boolean, boolean]
  const page = { limit: Number(limit), offset: Number(offset) }
  return listFiles(readerOf(world), { words: words ?? '', sort: sort as FileSort, read, aside, ...page })
}

export function touchesAnswer(world: World, query: URLSearchParams): Promise<object> {
  const { path = '', what, limit, offset } = Object.fromEntries(query)
  const asked = { path, what: what as 'all', limit: Number(limit), offset: Number(offset) }
  return fileHistory(readerOf(world), asked, labelOf)
}

// The lines of a file, each with the turn that made it; null: what stood in it is not known.
export const blameAnswer = (world: World, query: URLSearchParams): Promise<object | null> =>
  blameFile(replayed(world), { path: query.get('path') ?? '', root: null, text: null, source: 'replay' })

function replayed(world: World): BlameReader {
  const session = async (id: string) => (world.rows.get(id) as SessionRow | undefined) ?? null
  const turnsOf = (id: string) => [...world.folded.values()].filter((turn) => turn.session === id)
  return {
    session,
    turns: async (id: string) => turnsOf(id),
    sentences: async () => ({ turns: [...world.folded.values()], next: null }),
    work: async (id: string) =>
      [...world.events.values()].filter((event) => event.session === id).map((event) => eventText(event)),
  }
}

export const turnFilesAnswer = (world: World, id: string): Promise<object | null> =>
  filesOfTurn(readerOf(world), id, labelOf)

type Reader = Pick<FilesReader, 'files' | 'fileHistory' | 'turnFiles'> & BlameReader

function readerOf(world: World): Reader {
  const touched = (mine: (touch: Touch) => boolean): TouchingTurn[] =>
    [...Map.groupBy(world.touches.filter(mine), ({ turn }) => turn)].map(([id, touches]) => {
      const turn = world.folded.get(id)!
      return { turn, root: turn, cost: null, touches: touches.map((touch) => timed(world, touch)) }
    })
  return {
    ...replayed(world),
    async files({ words = '', sort, read, aside, limit, offset }) {
      const rows = [...Map.groupBy(world.touches, ({ path }) => path)]
        .filter(([path]) => (aside || !isAside(path)) && path.toLowerCase().includes(words.toLowerCase()))
        .map(([path, own]) => ({
          path,
          change: own.findLast(({ change }) => change !== 'read')?.change ?? ('read' as const),
          ...totalsOf(touched((touch) => touch.path === path)),
        }))
        .filter(({ changes }) => read || changes > 0)
      const by = { lines: 'added', turns: 'turns', cost: 'nano', touched: 'last', changed: 'changed' } as const
      rows.sort((a, b) => ((a[by[sort]] ?? '') < (b[by[sort]] ?? '') ? 1 : -1))
      return { files: rows.slice(offset, offset + limit), count: rows.length }
    },
    async fileHistory({ path, what, limit, offset }) {
      const paths = new Set(
        world.touches.map((touch) => touch.path).filter((each) => each === path || isEnd(path, each)),
      )
      const all = touched((touch) => paths.has(touch.path))
      const fitting = touched(
        (touch) => paths.has(touch.path) && (what === 'all' || (touch.change === 'read') === (what === 'read')),
      ).reverse()
      const turns = fitting.slice(offset, offset + limit)
      return { paths: [...paths].sort(), totals: totalsOf(all), turns, count: fitting.length }
    },
    async turnFiles(id) {
      const turn = world.folded.get(id)
      return turn === undefined ? null : { turn, root: turn, cost: null, turns: touched((each) => each.turn === id) }
    },
  }
}

const isEnd = (end: string, path: string): boolean => nameOf(path) === nameOf(end) && path.endsWith(`/${end}`)

const timed = (world: World, { turn: _, whole, ...touch }: Touch): FileTouch => ({
  ...touch,
  time: world.events.get(touch.event)?.time ?? null,
  counted: whole !== 'over',
})

function totalsOf(turns: readonly TouchingTurn[]): FileTotals & { prompts: number; nano: number; lowerBound: boolean } {
  const touches = turns.flatMap(({ touches: own }) => own)
  const changes = touches.filter(({ change }) => change !== 'read')
  const prompts = turns.filter(({ touches: own }) => own.some(({ change }) => change !== 'read')).length
  return {
    turns: turns.length,
    sessions: new Set(turns.map(({ turn }) => turn.session)).size,
    changes: changes.length,
    reads: touches.length - changes.length,
    added: changes.reduce((sum, { added }) => sum + added, 0),
    removed: changes.reduce((sum, { removed }) => sum + removed, 0),
    uncounted: changes.filter(({ counted }) => !counted).length,
    first: touches[0]?.time ?? null,
    last: touches.at(-1)?.time ?? null,
    changed: changes.at(-1)?.time ?? null,
    prompts,
    nano: prompts * NANO_A_PROMPT,
    lowerBound: false,
  }
}
