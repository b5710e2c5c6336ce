// openstory serve (the default): watch, keep, answer on http://127.0.0.1:3002 until Ctrl-C.
import type { Command } from 'commander'
import type { Asked } from '../app/access.ts'
import { createLog } from '../app/log.ts'
import { openPage } from '../app/open-page.ts'
import { serve } from '../app/serve.ts'
import { say } from './print.ts'
import { configOf, type SettingFlags, withSources } from './settings.ts'

export function serveVerb(program: Command): void {
  withSources(program.command('serve', { isDefault: true }))
    .description('watch the agents of this machine and serve the page (this is what `openstory` alone does)')
    .option('--port <port>', 'default 3002; 0 takes a free one')
    .option('--host <host>', '127.0.0.1 (default): this machine only; 0.0.0.0: others too, who need the token')
    .option('--token <token>', 'what is asked of those who read; other users see it here, so better OPENSTORY_TOKEN')
    .option('--allow-host <name...>', 'more names to answer under, as behind a proxy; a token is asked for then')
    .option('--no-open', 'do not open the page in a browser')
    .action(async (flags: SettingFlags) => {
      const config = configOf(flags)
      const serving = await serve(config, createLog(config.logLevel))
      say(`OpenStory is at ${serving.url} — the record is in ${config.dataDir} — Ctrl-C stops it`)
      if (serving.asked !== null) process.stderr.write(`${howToSignIn(serving.url, serving.asked)}\n`)
      if (config.open && process.stdout.isTTY && !process.env.CI) openPage(serving.url)
      await untilAsked()
      await serving.stop()
      process.exit(0)
    })
}

// The token itself is for a person at a terminal, and for no file that what is said here is written to.
function howToSignIn(url: string, { keys, file }: Asked): string {
  if (file === null)
    return 'it asks for the token that was set; send it as Authorization: Bearer, or sign in on the page'
  return process.stderr.isTTY ? `open ${url}/?token=${keys.token} to sign in` : `it asks for the token in ${file}`
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
