// Transcripts as events, read as the watcher reads them, without a bus: what the story is measured over.
import { readdirSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { type Event, parseEvent } from '../event/event.ts'
import type { LineSource } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import { splitLines } from '../watcher/lines.ts'
import { messagesOf } from '../watcher/messages.ts'

export const sourceOf = (agent: string): LineSource => {
  const found = SOURCES.find((source) => source.agent === agent)
  if (found?.reads !== 'lines') throw new Error(`there is no source of lines for ${agent}`)
  return found
}

// Null: not a transcript of this source.
export function eventsOfFile(source: LineSource, root: string, file: string): Event[] | null {
  const facts = { root, path: relative(root, file) }
  const owner = source.owner(facts)
  if (owner === null) return null
  const events: Event[] = []
  let memory = owner.memory
  splitLines(readFileSync(file), 0, true, (line) => {
    const place = { host: 'here', user: 'me' }
    const made = messagesOf(line, line.lineEnds + 1, source, { ...facts, inode: 1 }, memory, place)
    memory = made.memory
    for (const { data } of made.messages) events.push(parseEvent(Buffer.from(data).toString()))
  })
  return events
}

export const filesUnder = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
