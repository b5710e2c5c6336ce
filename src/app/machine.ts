// This machine as the sources see it, and the sources as the rest of the house sees them: names and labels.
import { homedir } from 'node:os'
import type { Machine } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'

export const machine = (): Machine => ({
  home: process.env.HOME ?? homedir(),
  env: process.env,
  platform: process.platform,
})

export const agents: readonly string[] = [...new Set(SOURCES.map(({ agent }) => agent))] // one may have several sources
export const labels: Readonly<Record<string, string>> = Object.fromEntries(
  SOURCES.map(({ agent, label }) => [agent, label]),
)
export const labelOf = (agent: string): string => labels[agent] ?? agent

// The command that goes on with a session in its own agent, for a shell; null where there is none.
export const resumeOf = ({
  agent,
  native,
  cwd,
}: {
  agent: string
  native: string
  cwd: string | null
}): string | null => SOURCES.find((source) => source.agent === agent && source.resume)?.resume?.(native, cwd) ?? null
