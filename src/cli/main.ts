// The command line: one file a verb. Data goes to stdout, diagnostics to stderr; exit code 0 only when it did what it says.
import { Command } from 'commander'
import { VERSION } from '../app/version.ts'
import { costVerb } from './cost.ts'
import { demoVerb } from './demo.ts'
import { doctorVerb } from './doctor.ts'
import { exportVerb } from './export.ts'
import { failWith } from './fail.ts'
import { importVerb } from './import.ts'
import { initVerb } from './init.ts'
import { reindexVerb } from './reindex.ts'
import { retryVerb } from './retry.ts'
import { searchVerb } from './search.ts'
import { serveVerb } from './serve.ts'
import { sessionsVerb } from './sessions.ts'
import { showVerb } from './show.ts'
import { storyVerb } from './story.ts'
import { traceVerb } from './trace.ts'
import { watchVerb } from './watch.ts'

const program = new Command('openstory')
  .description('A record of your AI coding sessions, on your own disk: live, searchable, replayable.')
  .version(VERSION)
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true })

for (const add of [
  serveVerb,
  importVerb,
  initVerb,
  sessionsVerb,
  showVerb,
  storyVerb,
  searchVerb,
  costVerb,
  exportVerb,
  watchVerb,
  traceVerb,
  doctorVerb,
  reindexVerb,
  retryVerb,
  demoVerb,
])
  add(program)

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync()
} catch (error) {
  failWith(error)
}
