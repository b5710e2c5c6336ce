// The steps of a file's history: what one call did to one file, or showed of it. Paths are full where the folder is known.
import type { Replacement } from '../input.ts'
import type { Cell } from './notebook.ts'
import type { FilePatch, Hunk } from './patch.ts'

// The call behind a step: who did it, and when.
export interface Call {
  readonly event: string
  readonly session: string
  readonly agent: string
  readonly agentId: string | null
  readonly model: string | null
  readonly time: string | null
}

// `text` null: a command made it, and what it put there was not said.
export type Doing =
  | { readonly is: 'write'; readonly path: string; readonly text: string | null }
  | { readonly is: 'append'; readonly path: string; readonly text: string | null }
  | { readonly is: 'edit'; readonly path: string; readonly edits: readonly Replacement[] }
  | { readonly is: 'patch'; readonly path: string; readonly hunks: readonly Hunk[] }
  | { readonly is: 'cell'; readonly path: string; readonly cell: Cell }
  | { readonly is: 'remove'; readonly path: string }
  | { readonly is: 'move' | 'copy'; readonly from: string; readonly to: string }
  // Something may have changed these files, or all under a folder, or those a text names; how is not said.
  | {
      readonly is: 'touch'
      readonly paths: readonly string[]
      readonly under: string | null
      readonly named: string | null
    }
  // What was recorded of a file: evidence. `when`: before its call's own work, or after it.
  | { readonly is: 'show'; readonly path: string; readonly when: 'before' | 'after'; readonly text: string }
  | {
      readonly is: 'glimpse'
      readonly path: string
      readonly from: number
      readonly texts: readonly string[]
      readonly total: number | null
    }
  | { readonly is: 'places'; readonly path: string; readonly hunks: readonly Hunk[] } // the places changed, as they are now

export interface Step {
  readonly call: Call
  readonly unsure: boolean // part of a command that failed, or still runs: it may not have come so far
  readonly doing: Doing
}

export function patchDoings(patch: FilePatch, here: (path: string) => string): Doing[] {
  const path = here(patch.path)
  if (patch.is === 'removed') return [{ is: 'remove', path }]
  if (patch.is === 'made') return [{ is: 'write', path, text: patch.text }]
  const changed: Doing = { is: 'patch', path, hunks: patch.hunks }
  return patch.to === null ? [changed] : [changed, { is: 'move', from: path, to: here(patch.to) }]
}
