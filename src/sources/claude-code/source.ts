// Claude Code: append-only JSONL, one file a session and one a subagent, under <config>/projects/<folder of the project>/.
// Read as written by versions 0.2 (2025-05) to 2.1 (2026-08); what is newer passes through under its own name.
import type { LineSource } from '../source.ts'
import { resumeByUuid } from '../values.ts'
import { shapes } from './known.ts'
import { ownerOf, rootsOn } from './owner.ts'
import { retentionOn } from './retention.ts'
import { translate } from './translate.ts'

export const claudeCode: LineSource = {
  agent: 'claude-code',
  label: 'Claude Code',
  reads: 'lines',
  variables: ['CLAUDE_CONFIG_DIR'],
  roots: rootsOn,
  owner: ownerOf,
  resume: resumeByUuid('claude', '--resume'),
  translate,
  shapes,
  retention: retentionOn,
}
