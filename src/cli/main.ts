// The command line: one file a verb. Data goes to stdout, diagnostics to stderr; exit code 0 only when it did what it says.
import { Command } from 'commander'
import { VERSION } from '../app/version.ts'
import { failWith } from './fail.ts'

// Each verb brings what it needs and nothing else: a list of sessions starts no server, an import holds no page in memory.
const VERBS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  serve: async () => (await import('./serve.ts')).serveVerb,
  import: async () => (await import('./import.ts')).importVerb,
  init: async () => (await import('./init.ts')).initVerb,
  sessions: async () => (await import('./sessions.ts')).sessionsVerb,
  show: async () => (await import('./show.ts')).showVerb,
  story: async () => (await import('./story.ts')).storyVerb,
  search: async () => (await import('./search.ts')).searchVerb,
  cost: async () => (await import('./cost.ts')).costVerb,
  files: async () => (await import('./files.ts')).filesVerb,
  commits: async () => (await import('./commits.ts')).commitsVerb,
  blame: async () => (await import('./blame.ts')).blameVerb,
  export: async () => (await import('./export.ts')).exportVerb,
  watch: async () => (await import('./watch.ts')).watchVerb,
  trace: async () => (await import('./trace.ts')).traceVerb,
  doctor: async () => (await import('./doctor.ts')).doctorVerb,
  reindex: async () => (await import('./reindex.ts')).reindexVerb,
  retry: async () => (await import('./retry.ts')).retryVerb,
  demo: async () => (await import('./demo.ts')).demoVerb,
}

// Whatever is made from here on, by threads, the watcher and SQLite too, is for its owner alone.
process.umask(0o077)

const program = new Command('openstory')
  .description('A record of your AI coding sessions, on your own disk: live, searchable, replayable.')
  .version(VERSION)
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true })

const asked = VERBS[process.argv[2] ?? '']
for (const verb of asked === undefined ? Object.values(VERBS) : [asked]) (await verb())(program)

// A reader that has seen enough (`| head`) is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync()
} catch (error) {
  failWith(error)
}
