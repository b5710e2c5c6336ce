// Real sessions beside the checkout, laid out as in a person's home, for tests that run over all of them; they skip where there are none.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Message } from '../bus/bus.ts'
import type { LineSource, Machine } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import type { FoundLine } from '../watcher/lines.ts'
import type { FilePlace } from '../watcher/offsets.ts'
import { readTail } from '../watcher/tail.ts'
import { type Job, Translation } from '../watcher/translation.ts'

export const SHARED = resolve(process.env.OPENSTORY_SHARED ?? '../shared')
const MAKE_HOME = join(SHARED, 'corpus/make-home.mjs')
export const noCorpus = existsSync(MAKE_HOME)
  ? false
  : `SKIPPED: no real sessions at ${SHARED}/corpus (OPENSTORY_SHARED says where they are)`

// What the watcher reads.
export const watched = SOURCES.filter((source): source is LineSource => source.reads === 'lines')

export interface Home {
  readonly machine: Machine
  readonly files: readonly Job[] // every transcript in it, by agent and path
  remove(): void
}

export function corpusHome(): Home {
  const home = mkdtempSync(join(tmpdir(), 'openstory-home-'))
  execFileSync(process.execPath, [MAKE_HOME, home])
  const machine = { home, env: {}, platform: process.platform }
  return { machine, files: transcripts(machine), remove: () => rmSync(home, { recursive: true }) }
}

function transcripts(machine: Machine): Job[] {
  return watched.flatMap((source) =>
    source.roots(machine).flatMap(({ path: root }) => {
      const paths = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }).sort() : []
      return paths.filter((path) => source.owner({ root, path }) !== null).map((path) => ({ source, root, path }))
    }),
  )
}

export const HERE = { host: 'here', user: 'dev' }

export function freshPlace({ source, root, path }: Job): FilePlace {
  const { memory } = source.owner({ root, path })!
  return { file: `${root}/${path}`, agent: source.agent, inode: 0, offset: 0, line: 0, last: null, lane: null, memory }
}

// One look at a file, from where the last one ended. What is read comes in chunks: `more` says that there is another.
export function lookAt(job: Job, place: FilePlace): { messages: readonly Message[]; place: FilePlace; more: boolean } {
  const translation = new Translation(job, place, HERE, (_: FoundLine) => undefined)
  const read = readTail(place.file, place, (line, inode) => translation.add(line, inode))
  if (read.is !== 'lines') throw new Error(`${place.file}: ${JSON.stringify(read)}`)
  return { messages: translation.messages, place: translation.placeAt(read), more: read.more }
}

// All of it, as far as it is written by now.
export function readOn(job: Job, from: FilePlace): { messages: readonly Message[]; place: FilePlace } {
  const messages: Message[] = []
  for (let place = from; ; ) {
    const look = lookAt(job, place)
    for (const message of look.messages) messages.push(message)
    place = look.place
    if (!look.more) return { messages, place }
  }
}
