// Calls that look after other agents and after work in the background, in words, whatever the tool is called.
interface Care {
  readonly did: string
  readonly wanted: string // in the infinitive
}

const CARE: readonly (readonly [RegExp, Care])[] = [
  [
    /output|status|wait|poll|get|list|check/i,
    { did: 'checked on its background work', wanted: 'check on its background work' },
  ],
  [
    /stop|kill|cancel|delete|interrupt|close/i,
    { did: 'stopped its background work', wanted: 'stop its background work' },
  ],
  [/send|message|input|resume/i, { did: 'wrote to another agent', wanted: 'write to another agent' }],
  [/create|team|spawn/i, { did: 'set up other agents', wanted: 'set up other agents' }],
]
// Tools of other programs have messages, tasks and jobs of their own.
const FOREIGN = /^mcp_|[/.]/i
const ITS_OWN = /task|agent|team|session|job|bash|shell|^send_?message$/i

export const careOf = (name: string): Care | undefined =>
  ITS_OWN.test(name) && !FOREIGN.test(name) ? CARE.find(([test]) => test.test(name))?.[1] : undefined
