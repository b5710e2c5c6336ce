// What is on this machine, and the commented config a person starts from.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Source, WatchRoot } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import { CONFIG_FILE } from './config.ts'
import { machine } from './machine.ts'

export interface FoundAgent {
  readonly agent: string
  readonly label: string
  readonly path: string
  readonly files: number | null // null: the folder is not there
  readonly transcripts: number // of the files: append-only ones
  readonly documents: number // rewritten whole
  readonly databases: number
  readonly why: string | null // it is there and cannot be read
}

// Each folder once an agent, whatever the agent keeps in it: one may write lines, documents and databases side by side.
export function findAgents(): FoundAgent[] {
  const places = new Map<string, { readonly sources: Source[]; readonly root: WatchRoot }>()
  for (const source of SOURCES)
    for (const root of source.roots(machine())) {
      const key = `${source.agent} ${root.path}`
      const known = places.get(key)
      if (known === undefined) places.set(key, { sources: [source], root })
      else places.set(key, { sources: [...known.sources, source], root: deeper(known.root, root) })
    }
  return [...places.values()].map(({ sources, root }) => foundIn(sources, root))
}

const deeper = (a: WatchRoot, b: WatchRoot): WatchRoot =>
  a.depth === undefined || (b.depth !== undefined && a.depth >= b.depth) ? a : b

function foundIn(sources: readonly Source[], { path, depth = Number.POSITIVE_INFINITY }: WatchRoot): FoundAgent {
  const { agent, label } = sources[0]!
  const none = { agent, label, path, transcripts: 0, documents: 0, databases: 0 }
  if (!existsSync(path)) return { ...none, files: null, why: null }
  try {
    const kinds = namesBelow(path, '', depth).flatMap(
      (name) => sources.find((source) => source.owner({ root: path, path: name }) !== null)?.reads ?? [],
    )
    const count = (kind: Source['reads']) => kinds.filter((reads) => reads === kind).length
    const counts = { transcripts: count('lines'), documents: count('documents'), databases: count('tables') }
    return { ...none, ...counts, files: kinds.length, why: null }
  } catch (error) {
    return { ...none, files: 0, why: (error as Error).message }
  }
}

// What is there, in words: "1 database and 12 documents".
export function foundSays({ files, transcripts, documents, databases }: FoundAgent): string {
  if (files === null) return 'not here'
  if (files === 0) return 'nothing yet'
  const parts = [counted(databases, 'database'), counted(transcripts, 'transcript'), counted(documents, 'document')]
  return parts.filter((part) => part !== '').join(' and ')
}

const counted = (n: number, what: string): string => (n === 0 ? '' : `${n} ${what}${n === 1 ? '' : 's'}`)

// The files below a folder, no deeper than is looked: some homes hold a whole checkout beside their sessions.
export function namesBelow(root: string, folder: string, depth: number): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!entry.isDirectory()) return [name]
    return depth > 0 ? namesBelow(root, name, depth - 1) : []
  })
}

export function writeConfig(dataDir: string): { path: string; written: boolean } {
  const path = join(dataDir, CONFIG_FILE)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (existsSync(path)) return { path, written: false }
  writeFileSync(path, configText(), { mode: 0o600 })
  return { path, written: true }
}

function configText(): string {
  const named = SOURCES.filter(({ variables }) => variables.length > 0)
  const variables = [...new Set(named.map((source) => `#   ${source.label}: ${source.variables.join(', ')}`))]
  return `# OpenStory. A flag beats an environment variable, which beats this file. Every line here is a default, commented out.

# Where the page and the API are.
# host = "127.0.0.1"        # this machine only; 0.0.0.0 for others too: then a token is asked for   (OPENSTORY_HOST)
# port = 3002               # (OPENSTORY_PORT)

# What is asked of whoever reads, at this machine as well. Without one, and where others may reach it, one is made.   (OPENSTORY_TOKEN)
# token = "at-least-16-signs"
# More names it answers under, as behind a proxy; then a token is asked for.   (OPENSTORY_ALLOW_HOST, with commas)
# allow_host = "story.example.org"

# The stream between the parts: "embedded", or a NATS server with JetStream of your own.   (OPENSTORY_BUS)
# bus = "embedded"
# bus = "nats://127.0.0.1:4222"

# silent, error, warn, info or debug.   (OPENSTORY_LOG)
# log = "info"

# Every agent found is watched by default; the agents' own variables are honoured:
${[...new Set(variables)].join('\n')}
# With this table only these folders are watched.
# [watch]
# ${SOURCES[0]!.agent} = ["/path/to/its/transcripts"]
`
}
