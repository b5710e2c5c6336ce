// A database holds many sessions, whose rows stand among each other; what is remembered between lines is one session's. So the memory of
// the database is the memory of the session whose row was last, with those of some others put aside.
import { readMemory } from '../pi-shape/memory.ts'
import type { FileMemory } from '../source.ts'
import { isJson } from '../values.ts'

export const CONTEXTS_MAX = 16

// What is remembered of one session, and the seq of the row behind which it is.
export type Context = FileMemory & { readonly seq: number }
export type Contexts = ReadonlyMap<string, Context>

// All of them, the one in use among them.
export function contextsIn(memory: FileMemory): Contexts {
  const contexts = new Map(asideIn(memory.aside))
  if (typeof memory.of === 'string' && typeof memory.seq === 'number') {
    contexts.delete(memory.of) // what is used last stands last
    contexts.set(memory.of, { ...readMemory(memory), seq: memory.seq })
  }
  return contexts
}

// None in use: the first row says which one is needed.
export function putAside(contexts: Contexts): FileMemory {
  const kept = [...contexts].slice(-CONTEXTS_MAX)
  return { ...readMemory({}), of: null, seq: null, aside: kept.length === 0 ? null : JSON.stringify(kept) }
}

// The memory with this session's in use.
export function turnedTo(session: string, memory: FileMemory): FileMemory {
  if (memory.of === session) return memory
  const contexts = new Map(contextsIn(memory))
  const { seq = -1, ...context } = contexts.get(session) ?? { session }
  contexts.delete(session)
  return { ...memory, ...putAside(contexts), ...readMemory(context), of: session, seq }
}

// Memory may come from another version, or another hand.
function asideIn(text: unknown): readonly (readonly [string, Context])[] {
  if (typeof text !== 'string') return []
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.filter(isPair) : []
  } catch (error) {
    if (error instanceof SyntaxError) return [] // not what we wrote: contexts are read again from their rows
    throw error
  }
}

const isPair = (value: unknown): value is readonly [string, Context] =>
  Array.isArray(value) && typeof value[0] === 'string' && isJson(value[1]) && typeof value[1].seq === 'number'
