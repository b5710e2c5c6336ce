// What of an event can be searched for and is shown as a snippet: one function for the index and for the hit, so that they never differ.
import { type Event, inputOf, textOf } from '../event/event.ts'

const DEPTH_MAX = 8

// The event must have been read whole (parseEvent): long texts stand in its raw line.
export function searchableOf(event: Event): string {
  const { payload } = event
  if (event.kind === 'system.repeat') return '' // found where it was said first
  const pieces: string[] = []
  const add = (text: string | undefined) => {
    if (text !== undefined && text !== '' && !pieces.includes(text)) pieces.push(text)
  }
  add(payload.title)
  add(textOf(event))
  add(payload.why)
  if (payload.tool) {
    add(payload.tool.name)
    add(payload.tool.target)
    eachString(inputOf(event), add, 0)
  }
  add(payload.url)
  return pieces.join('\n')
}

function eachString(value: unknown, add: (text: string) => void, depth: number): void {
  if (typeof value === 'string') add(value)
  if (typeof value !== 'object' || value === null || depth >= DEPTH_MAX) return
  for (const item of Object.values(value)) eachString(item, add, depth + 1)
}
