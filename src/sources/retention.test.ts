// When agents delete their own sessions, as their settings say it, on invented machines.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claudeCode } from './claude-code/source.ts'
import { gemini } from './gemini/source.ts'
import type { LineSource, Machine } from './source.ts'
import { SOURCES } from './sources.ts'

const LINUX: Machine = { home: '/home/dev', env: {}, platform: 'linux' }
const rules = (source: LineSource, files: Readonly<Record<string, string>>, machine: Machine = LINUX) =>
  source.retention!(machine, (path) => files[path] ?? null).map(({ root, days, says }) => [root, days, says])

const CLAUDE = '/home/dev/.claude/settings.json'
const DEFAULT = 'cleanupPeriodDays is not set, and 30 is its default'
const claude: [string, Readonly<Record<string, string>>, number | null, string][] = [
  ['nothing is set', {}, 30, DEFAULT],
  ['other things are set', { [CLAUDE]: '{"model":"m"}' }, 30, DEFAULT],
  ['it is set', { [CLAUDE]: '{"cleanupPeriodDays":365}' }, 365, `cleanupPeriodDays in ${CLAUDE} is 365`],
  ['nothing is to be kept', { [CLAUDE]: '{"cleanupPeriodDays":0}' }, 0, `cleanupPeriodDays in ${CLAUDE} is 0`],
  [
    'it is set to no number',
    { [CLAUDE]: '{"cleanupPeriodDays":"long"}' },
    null,
    `cleanupPeriodDays in ${CLAUDE} is no number of days`,
  ],
  ['the settings are broken', { [CLAUDE]: '{"cleanup' }, null, `${CLAUDE} cannot be understood`],
  ['the settings are no object', { [CLAUDE]: '[]' }, 30, DEFAULT],
  [
    'an organisation says otherwise',
    { [CLAUDE]: '{"cleanupPeriodDays":365}', '/etc/claude-code/managed-settings.json': '{"cleanupPeriodDays":7}' },
    7,
    'cleanupPeriodDays in /etc/claude-code/managed-settings.json is 7',
  ],
]
for (const [what, files, days, says] of claude)
  test(`Claude Code’s sessions stay ${days} days where ${what}`, () =>
    assert.deepEqual(rules(claudeCode, files)[0], ['/home/dev/.claude/projects', days, says]))

test('each config folder of Claude Code has settings of its own', () => {
  const machine = { ...LINUX, env: { CLAUDE_CONFIG_DIR: '/work/c1,~/c2' } }
  const files = {
    '/work/c1/settings.json': '{"cleanupPeriodDays":1}',
    '/home/dev/c2/settings.json': '{"cleanupPeriodDays":2}',
  }
  assert.deepEqual(
    rules(claudeCode, files, machine).map(([root, days]) => [root, days]),
    [
      ['/work/c1/projects', 1],
      ['/home/dev/c2/projects', 2],
      ['/home/dev/.claude/projects', 30],
      ['/home/dev/.config/claude/projects', 30],
    ],
  )
})

const GEMINI = '/home/dev/.gemini/settings.json'
const set = (retention: object) => ({ [GEMINI]: JSON.stringify({ general: { sessionRetention: retention } }) })
const geminis: [string, Readonly<Record<string, string>>, [number | null, string] | null][] = [
  ['nothing is set', {}, [30, 'sessionRetention is not set, and 30d is its default']],
  ['it is switched off', set({ enabled: false, maxAge: '7d' }), null],
  ['an age is set', set({ enabled: true, maxAge: '2w' }), [14, `maxAge in ${GEMINI} is 2w`]],
  ['hours are set', set({ maxAge: '36h' }), [1.5, `maxAge in ${GEMINI} is 36h`]],
  ['the age is none', set({ maxAge: 'soon' }), null],
  ['the age is nothing', set({ maxAge: '0d' }), null],
  ['the settings have comments', { [GEMINI]: '{} // mine' }, [null, `${GEMINI} cannot be understood`]],
  [
    'the system says otherwise',
    {
      ...set({ enabled: true }),
      '/etc/gemini-cli/settings.json': '{"general":{"sessionRetention":{"enabled":false}}}',
    },
    null,
  ],
]
for (const [what, files, rule] of geminis)
  test(`Gemini CLI’s chats stay ${rule?.[0] ?? 'for ever'} days where ${what}`, () =>
    assert.deepEqual(rules(gemini, files), rule === null ? [] : [['/home/dev/.gemini/tmp', ...rule]]))

test('a rule is for a folder that its agent is looked for in', () => {
  for (const { agent, retention, roots } of SOURCES)
    for (const { root } of retention?.(LINUX, () => null) ?? [])
      assert.ok(
        roots(LINUX).some(({ path }) => path === root),
        `${agent} ${root}`,
      )
})
