// openstory watch: CloudEvents on stdout as they happen, one a line.
import { once } from 'node:events'
import type { Command } from 'commander'
import { ConfigError } from '../app/errors.ts'
import { createLog } from '../app/log.ts'
import { follow } from '../app/watch.ts'
import { untilAsked } from './serve.ts'
import { configOf, type SettingFlags, withSources } from './settings.ts'

export function watchVerb(program: Command): void {
  withSources(program.command('watch'))
    .description('CloudEvents on stdout, live')
    .option('--from <seq>', 'replay from this sequence number of the stream on')
    .option('--subject <filter>', 'a subject, with * and > as in NATS', 'events.>')
    .action(async (flags: SettingFlags & { from?: string; subject: string }) => {
      const from = flags.from === undefined ? null : Number(flags.from)
      if (from !== null && !(Number.isInteger(from) && from >= 1))
        throw new ConfigError(`--from ${flags.from} is no sequence number; it is a whole number from 1`)
      const config = configOf(flags)
      const stopping = new AbortController()
      void untilAsked().then(() => stopping.abort())
      for await (const data of follow(config, createLog(process.env.OPENSTORY_LOG ?? 'warn'), {
        from,
        filter: flags.subject,
        signal: stopping.signal,
      }))
        if (!process.stdout.write(Buffer.concat([data, Buffer.from('\n')]))) await once(process.stdout, 'drain')
      process.exit(0)
    })
}
