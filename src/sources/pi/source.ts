// pi and what is built on it: append-only JSONL, one file a session. Versions 1 to 3 of the format, and the harness's version 4.
import { shapes } from '../pi-shape/known.ts'
import { translateLine } from '../pi-shape/translate.ts'
import type { LineSource } from '../source.ts'
import { resumeByUuid } from '../values.ts'
import { dialect } from './dialect.ts'
import { ownerOf, rootsOn } from './owner.ts'

export const pi: LineSource = {
  agent: 'pi',
  label: 'pi',
  reads: 'lines',
  variables: ['PI_CODING_AGENT_DIR', 'PI_CODING_AGENT_SESSION_DIR'],
  roots: rootsOn,
  owner: ownerOf,
  resume: resumeByUuid('pi', '--session'),
  shapes,
  translate: (line, file, memory) => translateLine(dialect, line, file, memory),
}
