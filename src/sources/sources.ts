// Every agent whose transcripts are read, one line each. A new agent is a folder beside this file and a line here.
import { claudeCodeFacts } from './claude-code/documents.ts'
import { claudeCode } from './claude-code/source.ts'
import { codex } from './codex/source.ts'
import { example } from './example/source.ts'
import { gemini, geminiDocuments } from './gemini/source.ts'
import { hermes, hermesGateway, hermesSnapshots } from './hermes/source.ts'
import { openclaw } from './openclaw/source.ts'
import { pi } from './pi/source.ts'
import type { Source } from './source.ts'

export const SOURCES: readonly Source[] = [
  ...[claudeCode, claudeCodeFacts],
  pi,
  ...openclaw,
  ...[hermes, hermesSnapshots, hermesGateway],
  codex,
  ...[gemini, geminiDocuments],
  example,
]
