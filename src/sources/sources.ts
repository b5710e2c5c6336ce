// Every agent whose transcripts are read, one line each. A new agent is a folder beside this file and a line here.
import { claudeCode } from './claude-code/source.ts'
import { example } from './example/source.ts'
import { hermes, hermesGateway, hermesSnapshots } from './hermes/source.ts'
import { pi } from './pi/source.ts'
import type { Source } from './source.ts'

export const SOURCES: readonly Source[] = [claudeCode, pi, hermes, hermesSnapshots, hermesGateway, example]
