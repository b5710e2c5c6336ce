// What git, the host of the code and package managers say they did. A commit is one when git says so, or when nothing it printed says that
// it is none: `-q` and pipes leave little.
import { changeFile } from './files.ts'
import { MAX, type OpenTurn, type PendingAct, type PendingCall } from './turn.ts'

export interface Seen {
  readonly turn: OpenTurn
  readonly call: PendingCall
  readonly output: string
  readonly failed: boolean
  readonly inBackground: boolean
  readonly inScratch: boolean // a repository made to try something out, in a folder for temporary files
}

export function note(
  turn: OpenTurn,
  call: PendingCall,
  each: PendingAct,
  more: { of?: string; url?: string; sha?: string },
): void {
  const of = more.of ?? each.of
  const known = turn.done.find(
    (done) =>
      done.deed === each.deed &&
      done.of === of &&
      done.how === each.how &&
      done.from === each.from &&
      each.deed !== 'commit',
  )
  if (known) {
    if (more.url !== undefined) known.url = more.url
    return
  }
  if (turn.done.length >= MAX.done) {
    // Looks and stagings make room for what matters.
    const weak = turn.done.findIndex(
      ({ deed }) => deed === 'history' || deed === 'hosting' || deed === 'stage' || deed === 'switch',
    )
    turn.doneMore++
    if (weak < 0) return
    turn.done.splice(weak, 1)
  }
  turn.done.push({
    deed: each.deed,
    ...(of !== undefined && { of: of.slice(0, MAX.path) }),
    ...(each.from !== undefined && { from: each.from }),
    ...(each.how !== undefined && { how: each.how }),
    ...(each.some && { some: true as const }),
    ...(more.url !== undefined && { url: more.url }),
    ...(more.sha !== undefined && { sha: more.sha }),
    words: each.words,
    event: call.event,
  })
}

const COMMIT_LINE = /^\[(?:[^\]\s]+(?: \(root-commit\))?|detached HEAD) ([0-9a-f]{6,40})\] (.*)$/gm
const NOT_COMMITTED =
  /nothing to commit|nothing added to commit|no changes added to commit|Aborting commit|did not match any file|hook (?:failed|exited|declined)|^error:|^fatal:|Please tell me who you are/im

export function did(seen: Seen, each: PendingAct, failed: boolean): void {
  const { turn, call, output } = seen
  if (seen.inBackground || (seen.inScratch && each.deed !== 'history')) return
  switch (each.deed) {
    case 'commit':
      return committed(seen, each, failed)
    case 'push':
      if (
        failed ||
        /\[rejected\]|\[remote rejected\]|^fatal:|^error: failed to push|Everything up-to-date/m.test(output)
      ) {
        // A push that came before something else in the line may have worked all the same.
        if (!/^\s*(?:[+*=]|\s)?\s*(?:\[new branch\]|[0-9a-f]{6,}\.\.\.?[0-9a-f]{6,})\s.*->/m.test(output)) return
      }
      return note(turn, call, each, { ...(each.of === undefined && pushedTo(output)) })
    case 'pr': {
      const url = /https?:\/\/\S+\/(?:pull|merge_requests)\/(\d+)/.exec(output)
      if (failed && !(each.how === 'create' || each.how === 'draft' ? url : null)) return
      if ((each.how === 'create' || each.how === 'draft') && !url) return
      return note(turn, call, each, {
        ...(url && each.of === undefined && { of: url[1]! }),
        ...(url && { url: url[0] }),
      })
    }
    case 'issue': {
      const url = /https?:\/\/\S+\/issues\/(\d+)/.exec(output)
      if (!failed)
        note(turn, call, each, { ...(url && each.of === undefined && { of: url[1]! }), ...(url && { url: url[0] }) })
      return
    }
    case 'rebase':
    case 'merge':
    case 'pick': {
      if (each.how === 'abort' || each.how === 'quit') {
        turn.done = turn.done.filter(({ deed }) => deed !== each.deed)
        return
      }
      // A conflict is the middle of it: it is done when it goes on without one.
      const stopped = failed || /^CONFLICT|could not apply|Automatic merge failed|not possible because/m.test(output)
      if (stopped && !/Successfully rebased/.test(output)) {
        note(turn, call, { ...each, how: 'conflict' }, {})
        return
      }
      const begun = turn.done.find(({ deed, how }) => deed === each.deed && how === 'conflict')
      if (begun) {
        delete begun.how
        begun.event = call.event
        return
      }
      if (/^(?:Already up to date|Current branch .* is up to date)/m.test(output)) return
      return note(turn, call, { ...each, ...(each.how === 'continue' && { how: undefined }) } as PendingAct, {})
    }
    default:
      if (!failed) {
        if (each.deed === 'install')
          for (const path of each.paths ?? []) changeFile(turn, { path, change: 'modified' }, 'command', call.event)
        note(turn, call, each, {})
      }
  }
}

function committed({ turn, call, output, failed: allFailed }: Seen, each: PendingAct, failed: boolean): void {
  const lines = [...output.matchAll(COMMIT_LINE)]
  const line =
    lines.find(([, , subject]) => each.of === undefined || sameSubject(subject!, each.of)) ??
    (lines.length === 1 ? lines[0] : undefined)
  if (line === undefined && (failed || allFailed || NOT_COMMITTED.test(output) || each.how === 'amend')) return
  note(turn, call, each, line ? { of: line[2] ?? each.of ?? '', sha: line[1]! } : {})
  // A merge that stopped at a conflict is done with its commit.
  const merge = turn.done.find(({ deed, how }) => deed === 'merge' && how === 'conflict')
  if (merge) delete merge.how
}

const pushedTo = (output: string): { of?: string } => {
  const branch = /->\s+(\S+)\s*$/m.exec(output)?.[1]
  return branch === undefined ? {} : { of: branch }
}

const sameSubject = (a: string, b: string): boolean => a.startsWith(b.slice(0, 40)) || b.startsWith(a.slice(0, 40))
