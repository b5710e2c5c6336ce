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
// What wakes it up later.
const CLOCK: readonly (readonly [RegExp, Care])[] = [
  [/delete|cancel|remove|stop/i, { did: 'cancelled scheduled work', wanted: 'cancel scheduled work' }],
  [/list|get/i, { did: 'checked on its scheduled work', wanted: 'check on its scheduled work' }],
  [/cron|wakeup|schedule/i, { did: 'scheduled work for later', wanted: 'schedule work for later' }],
]
const SCHEDULES = /^(?:cron|schedule_?wake_?up)/i
// Tools of other programs have messages, tasks and jobs of their own.
const FOREIGN = /^mcp_|[/.]/i
const ITS_OWN = /task|agent|team|session|job|bash|shell|^send_?message$/i

export const careOf = (name: string): Care | undefined =>
  SCHEDULES.test(name)
    ? CLOCK.find(([test]) => test.test(name))?.[1]
    : ITS_OWN.test(name) && !FOREIGN.test(name)
      ? CARE.find(([test]) => test.test(name))?.[1]
      : undefined
