// Real sessions beside the checkout, laid out as in a person's home, for tests that run over all of them; they skip where there are none.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { silentLog } from '../base/log.ts'
import type { Message } from '../bus/bus.ts'
import type { LineSource, Machine, Source } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import { LineFiles } from '../watcher/line-file.ts'
import { fileOf, freshPlace, type Job } from '../watcher/look.ts'
import type { FilePlace } from '../watcher/offsets.ts'

export const SHARED = resolve(process.env.OPENSTORY_SHARED ?? '../shared')
const MAKE_HOME = join(SHARED, 'corpus/make-home.mjs')
export const noCorpus = existsSync(MAKE_HOME)
  ? false
  : `SKIPPED: no real sessions at ${SHARED}/corpus (OPENSTORY_SHARED says where they are)`

export interface Home {
  readonly machine: Machine
  readonly files: readonly Job[] // every transcript in it, of every kind, by source and path
  readonly lineFiles: readonly Job<LineSource>[] // those of lines
  remove(): void
}

export function corpusHome(): Home {
  const home = mkdtempSync(join(tmpdir(), 'openstory-home-'))
  execFileSync(process.execPath, [MAKE_HOME, home])
  const machine = { home, env: {}, platform: process.platform }
  const files = SOURCES.flatMap((source) => filesOf(source, machine))
  const lineFiles = files.filter((job): job is Job<LineSource> => job.source.reads === 'lines')
  return { machine, files, lineFiles, remove: () => rmSync(home, { recursive: true }) }
}

function filesOf(source: Source, machine: Machine): Job[] {
  return source.roots(machine).flatMap(({ path: root }) => {
    const paths = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }).sort() : []
    return paths.filter((path) => source.owner({ root, path }) !== null).map((path) => ({ source, root, path }))
  })
}

// What is packed is looked at as if it stood there plain.
export const isPacked = ({ source, path }: Job<LineSource>): boolean => source.packed?.(path) === 'zstd'
export const plainBytes = (job: Job<LineSource>): Buffer =>
  isPacked(job) ? zstdDecompressSync(readFileSync(fileOf(job))) : readFileSync(fileOf(job))

export const HERE = { host: 'here', user: 'dev' }
const reader = new LineFiles({ place: HERE, log: silentLog, onDamage: () => undefined })

export const newPlace = (job: Job): FilePlace => freshPlace(job, 0)

// All there is behind a place, as far as it is written by now.
export function readOn(job: Job<LineSource>, from: FilePlace): { messages: readonly Message[]; place: FilePlace } {
  const messages: Message[] = []
  for (let place = from; ; ) {
    const look = reader.look(job, place)
    if (look.is === 'same') return { messages, place }
    if (look.is !== 'read') throw new Error(`${fileOf(job)}: ${JSON.stringify(look)}`)
    for (const message of look.messages) messages.push(message)
    place = look.place
    if (!look.more) return { messages, place }
  }
}
