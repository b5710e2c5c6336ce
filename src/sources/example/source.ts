// An invented agent, fully working: what one copies to teach OpenStory another agent, and what `openstory demo` writes.
// Its transcripts are <OPENSTORY_EXAMPLE_DIR>/sessions/*.jsonl, only ever appended to. The first line is a header, each other line one record:
//   {"example":1,"session":"s1","cwd":"/home/dev/app","at":"2026-01-01T10:00:00Z"}
//   {"id":"1","at":"…","kind":"ask","text":"fix the test"}                                     the person
//   {"id":"2","at":"…","kind":"say","text":"Done.","model":"m1","request":"r1","tokens":{"input":9,"output":3},"stop":"stop"}
//   {"id":"3","at":"…","kind":"think","text":"…"}
//   {"id":"4","at":"…","kind":"call","call":"c1","tool":"Shell","does":"run","target":"npm test","input":{"command":"npm test"}}
//   {"id":"5","at":"…","kind":"result","call":"c1","failed":false,"exit":0,"text":"ok"}
//   {"id":"6","at":"…","kind":"title","title":"Fix the test"}   {"id":"7","at":"…","kind":"done","ms":1200}   {"id":"8","at":"…","kind":"error","text":"…"}
// A record with "agent":"a1" is a subagent's; "agentType" and "parentCall" say what it is and which call began it.

import { shapesOf } from '../shape.ts'
import type { FileFacts, FileOwner, LineSource, Machine, WatchRoot } from '../source.ts'
import { expandHome, nonEmpty, withoutEnd } from '../values.ts'
import { translate } from './translate.ts'

// What may stand in its lines. The drift radar tells of anything else, so that a new version of the agent is noticed.
const shapes = shapesOf(
  {
    header: 'example session cwd at version',
    record: `id at kind text agent agentType parentCall call tool does target input failed exit model request tokens>tokens stop title
      ms`,
    tokens: 'input output cacheRead cacheWrite>cacheWrite',
    cacheWrite: 'minutes5 hour1',
  },
  (record) => (record.example === undefined ? 'record' : 'header'),
)

export const example: LineSource = {
  agent: 'example',
  label: 'Example agent',
  reads: 'lines',
  variables: ['OPENSTORY_EXAMPLE_DIR'],
  roots,
  owner,
  translate,
  shapes,
}

// Only where it was asked for: nobody has this agent by accident.
function roots({ home, env }: Machine): readonly WatchRoot[] {
  const dir = nonEmpty(env.OPENSTORY_EXAMPLE_DIR?.trim())
  return dir === undefined ? [] : [{ path: `${withoutEnd(expandHome(dir, home))}/sessions` }]
}

function owner({ path }: FileFacts): FileOwner | null {
  if (!path.endsWith('.jsonl')) return null
  return { agentId: null, memory: { session: null, project: null, time: null } }
}
