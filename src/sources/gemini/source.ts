// Gemini CLI: append-only JSONL, where a message is written again as it grows; before 0.40 one JSON document a session, rewritten whole.
import type { DocumentSource, LineSource } from '../source.ts'
import { resumeByUuid } from '../values.ts'
import { recordsIn, translateRecord } from './documents.ts'
import { shapes } from './known.ts'
import { documentOwnerOf, ownerOf, rootsOn } from './owner.ts'
import { retentionOn } from './retention.ts'
import { translate } from './translate.ts'

const facts = {
  agent: 'gemini',
  label: 'Gemini CLI',
  variables: ['GEMINI_CLI_HOME'],
  roots: rootsOn,
  resume: resumeByUuid('gemini', '--resume'),
} as const

export const gemini: LineSource = {
  ...facts,
  reads: 'lines',
  owner: ownerOf,
  translate,
  shapes,
  retention: retentionOn,
}

export const geminiDocuments: DocumentSource = {
  ...facts,
  reads: 'documents',
  owner: documentOwnerOf,
  retells: true,
  records: recordsIn,
  translate: translateRecord,
  retention: retentionOn,
}
