// openstory export ID: a session in an open format, to stdout: its events as they stand in the log, its agent's own lines, or told as a
// document to read.
import { once } from 'node:events'
import { type Command, Option } from 'commander'
import { type Asking, openAsking } from '../app/asking.ts'
import { ConfigError } from '../app/errors.ts'
import { say } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

type Format = 'cloudevents' | 'native' | 'markdown' | 'html'

// Each a paragraph; the help breaks them where the terminal ends.
const DESCRIPTION = [
  'a session in an open format, to stdout',
  'markdown, html: title, facts, and turn by turn its prompt, its sentence and what was done; the HTML is one file that runs and fetches nothing.',
  'native: what the agent wrote, byte for byte, damaged lines as they were; blank lines are left out. A session may be kept in several files (subagents, copies): its main file comes first, then the others by path, each file’s lines together and in order. Stderr lists the files in this order with their lines; --file gives the lines of one. A line that stands in two files is given once. Rows of a database and records of a document are JSON, one a line.',
].join('\n\n')

export function exportVerb(program: Command): void {
  withDataDir(program.command('export'))
    .argument('<session>', 'its id, its native id, or a unique beginning of one')
    .summary('a session in an open format, to stdout')
    .description(DESCRIPTION)
    .addOption(
      new Option(
        '--format <format>',
        'cloudevents: one CloudEvents 1.0 JSON object a line; native: the agent’s own lines; markdown, html: the session told, to read',
      )
        .choices(['cloudevents', 'native', 'markdown', 'html'] satisfies Format[])
        .default('cloudevents'),
    )
    .option('--file <path>', 'native: only this file of the session; its path, or the end of it')
    .action(async (wanted: string, flags: SettingFlags & { format: Format; file?: string }) => {
      if (flags.file !== undefined && flags.format !== 'native')
        throw new ConfigError('--file picks one of the agent’s files; it goes with --format native')
      const asking = openAsking(configOf(flags).dataDir)
      try {
        const session = await asking.sessionId(wanted)
        const { format } = flags
        if (format === 'markdown' || format === 'html') await printPieces(await asking.document(session, format))
        else await print(format === 'native' ? nativeLines(asking, session, flags.file) : asking.logLines(session))
      } finally {
        asking.close()
      }
    })
}

function* nativeLines(asking: Asking, session: string, wanted: string | undefined): Iterable<Uint8Array> {
  const files = asking.nativeFiles(session)
  const picked =
    wanted === undefined ? files : files.filter(({ file }) => file === wanted || file.endsWith(`/${wanted}`))
  if (wanted !== undefined && picked.length !== 1)
    throw new ConfigError(
      `${picked.length === 0 ? 'no file' : 'more than one file'} of ${session} is called ${wanted}; it has ${files.map(({ file }) => file).join(', ')}`,
    )
  if (files.length > 1 && wanted === undefined)
    for (const { file, lines } of files) say(`${lines} ${lines === 1 ? 'line' : 'lines'}  ${file}`)
  for (const { read } of picked) yield* read()
}

async function print(lines: Iterable<Uint8Array>): Promise<void> {
  for (const line of lines) {
    const flowing = process.stdout.write(Buffer.concat([line, Buffer.from('\n')]))
    if (!flowing) await once(process.stdout, 'drain')
  }
}

async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
}
