// openstory serve (the default): watch, keep, answer on http://127.0.0.1:3002 until Ctrl-C.
import type { Command } from 'commander'
import { createLog } from '../app/log.ts'
import { openPage } from '../app/open-page.ts'
import { serve } from '../app/serve.ts'
import { say } from './print.ts'
import { configOf, type SettingFlags, withSources } from './settings.ts'

export function serveVerb(program: Command): void {
  withSources(program.command('serve', { isDefault: true }))
    .description('watch the agents of this machine and serve the page (this is what `openstory` alone does)')
    .option('--port <port>', 'default 3002; 0 takes a free one')
    .option('--host <host>', '127.0.0.1 (default), localhost or ::1')
    .option('--no-open', 'do not open the page in a browser')
    .action(async (flags: SettingFlags) => {
      const config = configOf(flags)
      const serving = await serve(config, createLog(config.logLevel))
      say(`OpenStory is at ${serving.url} — the record is in ${config.dataDir} — Ctrl-C stops it`)
      if (config.open && process.stdout.isTTY && !process.env.CI) openPage(serving.url)
      await untilAsked()
      await serving.stop()
      process.exit(0)
    })
}

export function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) process.exit(130) // asked twice: at once
        asked = true
        resolve()
      })
  })
}
