// openstory sessions: the list, newest first.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import type { SessionRow } from '../folds/session.ts'
import { oneLine, printColumns, printJson, say, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

interface Flags extends SettingFlags {
  readonly json?: boolean
  readonly limit?: string
  readonly agent?: string
  readonly project?: string
}

const PAGE = 500

export function sessionsVerb(program: Command): void {
  withDataDir(program.command('sessions'))
    .description('list sessions, the newest first')
    .option('--agent <agent>', 'only this agent’s')
    .option('--project <project>', 'only this project’s')
    .option('--limit <n>', 'at most so many; all with --json unless given')
    .option('--json', 'as JSON')
    .action(async (flags: Flags) => {
      const asking = openAsking(configOf(flags).dataDir)
      const limit = flags.limit === undefined ? (flags.json ? Number.POSITIVE_INFINITY : 50) : Number(flags.limit)
      const rows: SessionRow[] = []
      let before: string | null = null
      do {
        const page = await asking.reader.sessions({
          limit: Math.min(PAGE, limit - rows.length),
          ...(before && { before }),
          ...(flags.agent && { agent: flags.agent }),
          ...(flags.project && { project: flags.project }),
        })
        rows.push(...page.rows)
        before = page.next
      } while (before !== null && rows.length < limit)
      asking.close()
      if (flags.json) return printJson(rows.map(listed))
      printColumns(
        rows.map((row) => [
          when(row.ended),
          row.agent,
          `${row.prompts} prompts`,
          `${row.events} events`,
          row.id,
          oneLine(row.title ?? ''),
        ]),
      )
      if (before !== null) say(`the newest ${rows.length}; more with --limit`)
    })
}

const FIELDS = [
  'id',
  'agent',
  'project',
  'cwd',
  'title',
  'started',
  'ended',
  'events',
  'prompts',
  'turns',
  'parent',
  'files',
  'tokens',
  'model',
  'errors',
  'tools',
  'cost',
] as const satisfies readonly (keyof SessionRow)[]

const listed = (row: SessionRow) => Object.fromEntries(FIELDS.map((name) => [name, row[name]]))
