// Codex CLI: append-only JSONL, one file a thread, packed with zstd once it is cold. Legacy and paginated history, subagents, forks.
import type { LineSource } from '../source.ts'
import { resumeByUuid } from '../values.ts'
import { shapes } from './known.ts'
import { ownerOf, packingOf, rootsOn } from './owner.ts'
import { translate } from './translate.ts'

export const codex: LineSource = {
  agent: 'codex',
  label: 'Codex CLI',
  reads: 'lines',
  variables: ['CODEX_HOME'],
  roots: rootsOn,
  owner: ownerOf,
  resume: resumeByUuid('codex', 'resume'),
  packed: packingOf,
  translate,
  shapes,
}
