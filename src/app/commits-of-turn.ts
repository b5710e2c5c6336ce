// The commits of a checkout that hold what a turn wrote, whoever made them: those that came after it and changed its files, the earliest
// first, each looked at by its content. A file that was renamed since is looked for under its later names too.
import { fullPath, isUnder } from '../folds/provenance/path.ts'
import { type CommitReader, tellCommit } from '../insights/provenance/commit.ts'
import type { StoreReader } from '../stores/store.ts'
import type { HoldingCommit, HoldingCommits } from '../wire/commits.ts'
import { factsOf, filesAdded, git } from './git.ts'

const LOOKED_MAX = 12
const FOUND_MAX = 1_000 // names of commits are cheap
const FILES_MAX = 300
const WHOLE_FILES_MAX = 200 // of a commit; of a larger one only what the turn touched is looked at
const SLACK_MS = 60_000 // of clocks

type Reader = CommitReader & Pick<StoreReader, 'turnFiles' | 'turns'>

// `id`: of a turn or a prompt; null: there is none of that id.
export async function commitsHolding(
  reader: Reader,
  { top, names }: { readonly top: string; readonly names: readonly string[] },
  id: string,
): Promise<HoldingCommits | null> {
  const made = await reader.turnFiles(id)
  if (made === null) return null
  const turn = made.root ?? made.turn
  const changed = made.turns.flatMap(({ touches }) => touches.filter(({ change }) => change !== 'read'))
  const named = new Set(changed.flatMap(({ path, from }) => [path, ...(from ? [from] : [])]))
  for (const { files } of await reader.turns(turn.session))
    for (const { path, from } of files) if (from !== undefined && named.has(from)) named.add(path)
  const inside = new Set([...named].flatMap(pathIn(names)))
  const paths = [...inside].slice(0, FILES_MAX)
  if (paths.length === 0) return { commits: [], looked: 0, more: 0 }
  const shas = await commitsChanging(top, paths, turn.started)
  const commits: HoldingCommit[] = []
  const looked = shas.slice(0, LOOKED_MAX)
  for (const facts of await factsOf(top, looked)) {
    const all = await filesAdded(top, facts.sha)
    const files = all.length <= WHOLE_FILES_MAX ? all : all.filter(({ path }) => inside.has(path))
    const told = await tellCommit(reader, { ...facts, files }, { top: fullPath(null, top), names })
    const lines = told.prompts.find((prompt) => prompt.turn === turn.id)?.lines ?? 0
    const isMade = told.made_by.some((by) => by.turn === turn.id)
    if (lines === 0 && !isMade) continue
    const { commit, subject, author, committed } = told
    commits.push({ commit, subject, author, committed, lines, made: isMade })
  }
  return { commits, looked: looked.length, more: shas.length - looked.length }
}

// From the root of the checkout, as git names it.
const pathIn =
  (names: readonly string[]) =>
  (path: string): string[] => {
    const full = fullPath(null, path)
    const name = names.find((each) => isUnder(full, each))
    return name === undefined ? [] : [full.slice(name.length).replace(/^\/+/, '')].filter((each) => each !== '')
  }

// The earliest first.
async function commitsChanging(top: string, paths: readonly string[], started: string | null): Promise<string[]> {
  const since =
    started === null ? [] : [`--since=${new Date(Math.max(0, Date.parse(started) - SLACK_MS)).toISOString()}`]
  // No branch yet: nothing is committed.
  const heads = await git(top, ['rev-list', '--max-count=1', '--all', '--'])
  if (heads.trim() === '') return []
  const text = await git(top, [
    '--literal-pathspecs',
    'rev-list',
    `--max-count=${FOUND_MAX}`,
    ...since,
    'HEAD',
    '--',
    ...paths,
  ])
  return text.split('\n').filter(Boolean).reverse()
}
