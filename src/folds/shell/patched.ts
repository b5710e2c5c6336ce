// `apply_patch <<EOF` in a shell: the patch says in its headings which files it makes, changes, removes and moves.
import { type Act, act } from './act.ts'
import { inPlace, type Simple } from './simple.ts'

const HEADING = /^\*\*\* (Add|Update|Delete) File: (\S.*)$/
const MOVED = /^\*\*\* Move to: (\S.*)$/
const FILES_MAX = 100

export function patchActs(simple: Simple): readonly Act[] {
  const acts: Act[] = []
  const here = (path: string) => inPlace(simple.place, path.trim())
  for (const line of (simple.stdin ?? simple.args[0] ?? '').split(/\r?\n/)) {
    if (acts.length >= FILES_MAX) break
    const [, does, path] = HEADING.exec(line) ?? []
    const to = MOVED.exec(line)?.[1]
    const last = acts.at(-1)
    if (to !== undefined && last?.deed === 'modify')
      acts[acts.length - 1] = act(simple, 'rename', { from: last.of!, of: here(to), tool: 'apply_patch' })
    else if (path !== undefined)
      acts.push(act(simple, DEEDS[does as keyof typeof DEEDS], { of: here(path), tool: 'apply_patch' }))
  }
  // What was to be patched cannot be known: a command like any other.
  return acts.length > 0 ? acts : [act(simple, 'run')]
}

const DEEDS = { Add: 'create', Update: 'modify', Delete: 'delete' } as const
