// What is on this machine, and the commented config a person starts from.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SOURCES } from '../sources/sources.ts'
import { CONFIG_FILE } from './config.ts'
import { machine } from './machine.ts'

export interface FoundAgent {
  readonly agent: string
  readonly label: string
  readonly path: string
  readonly files: number | null // null: the folder is not there
  readonly why: string | null // it is there and cannot be read
}

export function findAgents(): FoundAgent[] {
  return SOURCES.flatMap((source) => {
    if (source.reads !== 'lines') return []
    return source.roots(machine()).map(({ path }): FoundAgent => {
      const about = { agent: source.agent, label: source.label, path }
      if (!existsSync(path)) return { ...about, files: null, why: null }
      try {
        const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
        return {
          ...about,
          files: names.filter((name) => source.owner({ root: path, path: name.replaceAll('\\', '/') }) !== null).length,
          why: null,
        }
      } catch (error) {
        return { ...about, files: 0, why: (error as Error).message }
      }
    })
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
  const variables = SOURCES.flatMap((source) =>
    source.variables.length > 0 ? [`#   ${source.label}: ${source.variables.join(', ')}`] : [],
  )
  return `# OpenStory. A flag beats an environment variable, which beats this file. Every line here is a default, commented out.

# Where the page and the API are.
# host = "127.0.0.1"        # this machine only: 127.0.0.1, localhost or ::1   (OPENSTORY_HOST)
# port = 3002               # (OPENSTORY_PORT)

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
