// openstory show ID: one session's records, in order.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import { type Event, parseEvent } from '../event/event.ts'
import { recordOf } from '../folds/record.ts'
import { oneLine, printJson, printLine, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

const PAGE = 500

export function showVerb(program: Command): void {
  withDataDir(program.command('show'))
    .argument('<session>', 'its id, its native id, or a unique beginning of one')
    .description('one session’s records, in order')
    .option('--json', 'as JSON')
    .action(async (wanted: string, flags: SettingFlags & { json?: boolean }) => {
      const asking = openAsking(configOf(flags).dataDir)
      const session = await asking.sessionId(wanted)
      const shown: unknown[] = []
      let after = -1
      for (;;) {
        const page = await asking.reader.records(session, { after, limit: PAGE })
        for (const text of page.texts) {
          const event = parseEvent(text)
          if (flags.json) shown.push(jsonOf(event))
          else printLine(lineOf(event))
        }
        if (!page.more.after) break
        after = page.cursors.at(-1)!
      }
      asking.close()
      if (flags.json) printJson(shown)
    })
}

const jsonOf = ({ id, type, time, agentId, sequence, origin, payload }: Event) => ({
  id,
  type,
  time,
  agent_id: agentId,
  sequence,
  source: { file: origin.file, offset: origin.offset, length: origin.length, sha256: origin.sha256, line: origin.line },
  payload,
})

function lineOf(event: Event): string {
  const record = recordOf(event)
  const said = record.tool ? `${record.tool.name} ${record.tool.target}` : record.text
  const failed = record.result?.failed ? ' (failed)' : ''
  return `${when(event.time)}  ${event.agentId ? `[${event.agentId}] ` : ''}${event.kind}${failed}  ${oneLine(said, 160)}`
}
