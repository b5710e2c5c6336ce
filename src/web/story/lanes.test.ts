import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lanesOf, wayTo } from './lanes.ts'
import { fact, turn } from './told.test.ts'

test('a subagent’s turns stand under the turn that sent it, at any depth, and the prompts are counted', () => {
  const turns = [
    turn('01', { agents: [fact('c1', 'x', '02')] }),
    turn('03', { agentId: 'x', agents: [fact('c2', 'y', '04')] }),
    turn('05', { agentId: 'y' }),
    turn('06', { prompt: null }),
    turn('07'),
  ]
  const lanes = lanesOf(turns)
  assert.deepEqual(
    lanes.top.map(({ id }) => id),
    ['01', '06', '07'],
  )
  assert.deepEqual(
    [...lanes.numbers],
    [
      ['01', 1],
      ['07', 2],
    ],
  )
  assert.deepEqual(wayTo(lanes, '05'), ['01', '03', '05'])
  assert.deepEqual(
    [...lanes.calls],
    [
      ['03', 'c1'],
      ['05', 'c2'],
    ],
  )
})

test('an agent sent again belongs, each time, to the turn that sent it then', () => {
  const lanes = lanesOf([
    turn('01', { agents: [fact('c1', 'x', '02')] }),
    turn('03', { agentId: 'x' }),
    turn('05', { agents: [fact('c2', 'x', '06')] }),
    turn('07', { agentId: 'x' }),
  ])
  assert.deepEqual([lanes.parents.get('03'), lanes.parents.get('07')], ['01', '05'])
})

test('a subagent at work, whose call has not come back, stands where it happens', () => {
  const agents = [{ id: 'x', type: null, parentCall: 'c9', events: 1, started: null, ended: null }]
  const lanes = lanesOf([turn('01'), turn('03'), turn('04', { agentId: 'x' }), turn('05')], agents as never)
  assert.equal(lanes.parents.get('04'), '03')
  assert.equal(lanes.calls.get('04'), 'c9')
})

test('turns that nobody sent, and turns said to have sent each other, are told all the same', () => {
  assert.equal(lanesOf([turn('01', { agentId: 'x' })]).top.length, 1)
  const round = [
    turn('01', { agentId: 'x', agents: [fact('c1', 'y', '00')] }),
    turn('02', { agentId: 'y', agents: [fact('c2', 'x', '00')] }),
  ]
  const { top, under } = lanesOf(round)
  assert.equal(top.length + [...under.values()].flat().length, 2)
  assert.equal(top.length, 1)
})
