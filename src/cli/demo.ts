// openstory demo: see the product move without transcripts of one's own.
import type { Command } from 'commander'
import { demoFolders, tellStory } from '../app/demo.ts'
import { createLog } from '../app/log.ts'
import { openPage } from '../app/open-page.ts'
import { serve } from '../app/serve.ts'
import { systemClock } from '../base/clock.ts'
import { say } from './print.ts'
import { untilAsked } from './serve.ts'
import { configOf, type SettingFlags } from './settings.ts'

interface Flags extends SettingFlags {
  readonly speed: string
  readonly once?: boolean
}

const PAUSE_BETWEEN_MS = 8_000

export function demoVerb(program: Command): void {
  program
    .command('demo')
    .description('watch an invented agent at work, in a temporary folder of its own')
    .option('--port <port>', 'default: a free one', '0')
    .option('--speed <times>', 'how much faster than life', '1')
    .option('--once', 'one session, then wait')
    .option('--no-open', 'do not open the page in a browser')
    .action(async (flags: Flags) => {
      const folders = demoFolders()
      // Its story is invented: it asks for no token, and is for this machine alone whatever the settings say.
      const own = { dataDir: folders.dataDir, watch: [`example=${folders.transcripts}/sessions`] }
      const { token: _, allowHosts: __, ...settings } = configOf({ ...flags, ...own })
      const config = { ...settings, host: '127.0.0.1', bus: 'embedded' }
      const serving = await serve(config, createLog('warn'))
      say(`the demo is at ${serving.url} — nothing of yours is touched — Ctrl-C ends it and removes ${folders.dataDir}`)
      if (config.open && process.stdout.isTTY) openPage(serving.url)
      const stopping = new AbortController()
      const told = tellOn(folders.transcripts, Number(flags.speed) || 1, flags.once === true, stopping.signal)
      await untilAsked()
      stopping.abort()
      await told
      await serving.stop()
      folders.remove()
      process.exit(0)
    })
}

async function tellOn(transcripts: string, speed: number, once: boolean, signal: AbortSignal): Promise<void> {
  for (let n = 1; !signal.aborted; n++) {
    await tellStory(transcripts, { session: `demo-${n}`, speed, clock: systemClock, signal })
    if (once) return
    await systemClock.sleep(PAUSE_BETWEEN_MS / speed, signal)
  }
}
