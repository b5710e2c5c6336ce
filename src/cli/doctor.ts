// openstory doctor: what is found, what is off, and the remedy. Exit code 1 when something is off.
// openstory doctor --formats: what agents write that OpenStory does not know yet. Nothing is off then, and nothing is lost.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import { diagnose } from '../app/doctor.ts'
import { formatsOf } from '../app/formats.ts'
import type { AgentFormats, FormatsAnswer, UnknownFormat } from '../wire/rest.ts'
import { oneLine, printJson, printLine } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

const MARK = { ok: '✓', note: '·', off: '✗' } as const

export function doctorVerb(program: Command): void {
  withDataDir(program.command('doctor'))
    .description('what is found, what is off, and the remedy')
    .option('--formats', 'what agents write that is not known yet, by agent and its version')
    .option('--json', 'as JSON')
    .action(async (flags: SettingFlags & { json?: boolean; formats?: boolean }) => {
      const config = configOf(flags)
      if (flags.formats) return tellFormats(config.dataDir, flags.json === true)
      const findings = await diagnose(config)
      if (flags.json) printJson(findings)
      else
        for (const { is, about, says, remedy } of findings)
          printLine(`${MARK[is]} ${about}: ${says}${remedy ? ` — ${remedy}` : ''}`)
      if (findings.some(({ is }) => is === 'off')) process.exitCode = 1
    })
}

async function tellFormats(dataDir: string, asJson: boolean): Promise<void> {
  const asking = openAsking(dataDir)
  try {
    const formats = await formatsOf(asking.reader)
    if (asJson) printJson(formats)
    else for (const line of formatLines(formats)) printLine(line)
  } finally {
    asking.close()
  }
}

const KINDS = {
  type: ['types', 'A line or part of this type has no meaning here yet; it is kept and shown under its own name.'],
  field: ['fields', 'The line is understood; what this field adds is kept in it and not read.'],
  tool: ['tools', 'Its calls are told as calls, without what kind of act they are.'],
} as const

function formatLines({ agents, waiting }: FormatsAnswer): string[] {
  const all = agents.flatMap(({ unknown }) => unknown)
  const kinds = (['type', 'field', 'tool'] as const).filter((kind) => all.some(({ what }) => what === kind))
  return [
    all.length === 0
      ? 'Everything that agents write in this record is known.'
      : 'What agents write that OpenStory does not know yet. No line is lost: each is kept whole, as it was written.',
    ...kinds.map((kind) => `  ${KINDS[kind][0]}: ${KINDS[kind][1]}`),
    ...(waiting > 0 ? [`${waiting} events are still to be looked at; they are while openstory runs.`] : []),
    ...agents.flatMap(agentLines),
  ]
}

function agentLines({ label, unknown, servers }: AgentFormats): string[] {
  const plugged = servers.map(({ name, calls }) => `${name} ${times(calls)}`)
  return [
    '',
    `${label}${unknown.length === 0 ? ': nothing unknown' : ''}`,
    ...(['type', 'field', 'tool'] as const).flatMap((kind) =>
      unknown.filter(({ what }) => what === kind).flatMap(newsLines),
    ),
    ...(plugged.length === 0 ? [] : [`  plugged-in tools (MCP), which is no news: ${plugged.join(', ')}`]),
  ]
}

function newsLines({ what, name, count, firstSeen, versions, sample }: UnknownFormat): string[] {
  const known = versions.flatMap(({ version }) => version ?? [])
  const [first, last] = [known[0], known.at(-1)]
  const by = first === undefined ? '' : first === last ? `, in version ${first}` : `, in versions ${first} to ${last}`
  const since = firstSeen === null ? '' : `, first on ${firstSeen.slice(0, 10)}`
  return [
    `  ${what} ${name}: ${times(count)}${since}${by}`,
    ...(sample === null ? [] : [`      ${oneLine(sample, 160)}`]),
  ]
}

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)
