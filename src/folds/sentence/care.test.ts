// What looks after an agent's own background work, and what only sounds like it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { careOf } from './care.ts'

const names: readonly (readonly [name: string, did: string | undefined])[] = [
  ['TaskOutput', 'checked on its background work'],
  ['KillShell', 'stopped its background work'],
  ['SendMessage', 'wrote to another agent'],
  ['TeamCreate', 'set up other agents'],
  ['mcp__slack__send_message', undefined],
  ['mcp__linear__create_task', undefined],
  ['mcp_jobs_list', undefined],
  ['message', undefined],
  ['weather', undefined],
  ['CronCreate', 'scheduled work for later'],
  ['ScheduleWakeup', 'scheduled work for later'],
  ['CronDelete', 'cancelled scheduled work'],
  ['mcp__calendar__schedule_event', undefined],
]
for (const [name, did] of names)
  test(`${name} is ${did === undefined ? 'no care of its own' : 'told in words'}`, () =>
    assert.equal(careOf(name)?.did, did))
