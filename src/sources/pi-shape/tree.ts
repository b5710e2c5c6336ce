// The entries of a file are a tree: each names its parent. A session that goes on from an earlier point says so in no other way.
import type { Payload } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { type Json, newPayload, nonEmpty, type Writable } from '../values.ts'

const BESIDE_MAX = 24

export interface Grown {
  readonly leaf: string | null
  readonly branch: Part | null
}

// `parts`: what the entry means. What stands beside the conversation (settings, labels, an agent's own notes) may be passed over by the
// entry behind it: nothing was left for it.
export function grow(leaf: string | null, record: Json, id: string | null, parts: readonly Part[]): Grown {
  if (record.type === 'leaf') return moved(leaf, id, nonEmpty(record.targetId))
  if (id === null || !Object.hasOwn(record, 'parentId')) return { leaf, branch: null }
  const parent = nonEmpty(record.parentId)
  const hangsOn = leaf === null ? [] : leaf.split('\n')
  const isBranch = leaf !== null && !hangsOn.includes(parent ?? '')
  const isBeside = !parts.some(
    ({ kind }) => kind.startsWith('message.') || kind === 'system.compact' || kind === 'system.error',
  )
  const beside = isBeside && !isBranch ? (leaf === null ? [parent ?? ''] : hangsOn) : []
  return {
    leaf: [...beside.slice(-BESIDE_MAX), id].join('\n'),
    branch: isBranch ? branchPart(id, parent) : null,
  }
}

// The session's place in the tree is set by an entry of its own, or by a lane's.
export function moved(leaf: string | null, id: string | null, target: string | undefined): Grown {
  const isMove = leaf !== null && !leaf.split('\n').includes(target ?? '')
  const next = [target ?? '', ...(id === null ? [] : [id])].join('\n')
  return { leaf: next, branch: isMove ? branchPart(id, target) : null }
}

// From where it goes on; from the very beginning where there is no parent.
function branchPart(id: string | null, parent: string | undefined): Part {
  const payload: Writable<Payload> = newPayload()
  if (id !== null) payload.nativeId = id
  if (parent !== undefined) payload.nativeParent = parent
  return { kind: 'system.branch', payload }
}
