// A session as a document: two goldens of an invented session with everything in it, and that nothing a transcript says does anything.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import type { Event } from '../../event/event.ts'
import { foldSession, type SessionRow } from '../../folds/session.ts'
import { foldTurn } from '../../folds/turn/fold.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import { Tale } from '../../testing/made-story.ts'
import { type Document, documentOf } from './export.ts'
import type { TaleReader } from './tale.ts'

const HOSTILE = [
  '<script>alert(1)</script> <img src=x onerror=alert(2)> [press](javascript:alert(3)) ![look](https://example.org/p.png)',
  '# No heading of mine',
  '`a <b> in code` and ``two ` ticks``, a [ref][1] | a cell',
  '```html',
  '<script>document.title = "owned"</script>',
  '~~~',
  '```',
  'right \u202Eto left\u202C, \u001b[31mred\u001b[0m, <!-- a comment',
  '',
  '[1]: https://example.org',
  '````',
  'a fence that is never closed',
].join('\n')

function tale(): Event[] {
  const main = new Tale().ask('Bake a bread that is\nbetter than the one of yesterday')
  main.add({ kind: 'system.title', text: '', payload: { title: 'Bread <b>by</b> | night', injected: 'person' } })
  main.add({ kind: 'message.assistant.thinking', text: 'Rye needs *time*.' })
  main.read('/home/dev/bakery/oven.ts')
  main.run('npm test', '\u001b[32m✓ 3 passed\u001b[0m\n```\nfences in what was put out\n', {})
  const failing = main.call('run', 'Shell', 'bake --hot', { command: 'bake --hot\n# and more', description: 'Too hot' })
  main.result(failing, 'burnt', { failed: true, exit: 2 })
  const sent = main.call('delegate', 'Task', 'Look for flour', {
    description: 'Look for flour',
    prompt: 'Where is the flour?',
  })
  const helper = new Tale({ agentId: 'helper' }, 50)
  helper.add({ text: 'Where is the flour?', payload: { parentCall: sent, agentType: 'Explore' } })
  helper.read('/home/dev/bakery/flour.md').say('In the cellar.\n\n```\nflour: 3\n```')
  main.events.push(...helper.events)
  main.result(sent, 'In the cellar.', { agentId: 'helper' })
  main.edit('/home/dev/bakery/oven.ts', 'const hot = 9', 'const hot = 7\n// less')
  const refused = main.call('run', 'Shell', 'rm -rf flour', { command: 'rm -rf flour' })
  main.result(refused, 'no', { failed: true, refused: true, feedback: 'Never the *flour*.' })
  main.add({ kind: 'system.hook', text: 'a hook ran' }).add({ kind: 'system.compact', text: 'so far' })
  main.say(`It is better.\n\n${HOSTILE}`)
  main.ask('thanks').add({ kind: 'system.error', text: 'The oven is out' })
  return main.events
}

function readerOf(events: readonly Event[], texts: readonly string[]): TaleReader {
  let session: SessionRow | undefined
  const open = new Map<string | null, Turn>()
  const turns = new Map<string, Turn>()
  for (const event of events) {
    session = foldSession(session, event)
    const { turn, closed } = foldTurn(open.get(event.agentId), event)
    for (const one of [closed, turn]) if (one) turns.set(one.id, one)
    if (turn) open.set(event.agentId, turn)
  }
  const total = {} as Awaited<ReturnType<TaleReader['cost']>>['total']
  return {
    session: async () => session ?? null,
    turns: async () => [...turns.values()],
    cost: async () => ({ rows: [], count: 0, total, unknownModels: [] }),
    // Two a page: a page's end is nowhere to be seen.
    async records(_, { after = -1, agentId }) {
      const lane = events.flatMap((event, i) => ((event.agentId ?? 'main') === agentId && i > after ? [i] : []))
      const page = lane.slice(0, 2)
      return {
        texts: page.map((i) => texts[i]!),
        cursors: page,
        more: { before: false, after: lane.length > 2 },
        seq: 0,
      }
    },
  }
}

async function exported(events: readonly Event[], as: Document): Promise<string> {
  const pieces = await documentOf(readerOf(events, events.map(textOfEvent)), 'invented:s1', as, () => 'Invented Agent')
  let text = ''
  for await (const piece of pieces ?? []) text += piece
  return text
}

for (const [as, file] of [
  ['markdown', 'golden.md'],
  ['html', 'golden.html'],
] as const)
  test(`a session told as ${as} (write it anew with OPENSTORY_WRITE_GOLDEN=1)`, async () => {
    const place = new URL(file, import.meta.url)
    const told = await exported(tale(), as)
    if (process.env.OPENSTORY_WRITE_GOLDEN === '1') writeFileSync(place, told)
    assert.equal(told, readFileSync(place, 'utf8'))
  })

const ELEMENTS =
  /^<(?:!doctype html|\/?(?:html|head|meta|title|style|body|main|header|nav|ol|li|dl|div|dt|dd|section|h1|h2|p|a|details|summary|b|i|code|pre|ins|del|footer)\b)/
function assertHarmless(html: string): void {
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1))
    assert.match(html.slice(at, at + 20), ELEMENTS, html.slice(at, at + 80))
  const addresses = [...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, to]) => to!)
  for (const to of addresses) assert.match(to, /^#t\d+$/)
  assert.ok(!/<[^>]*\son\w+=/.test(html))
}

test('the HTML runs nothing and fetches nothing', async () => assertHarmless(await exported(tale(), 'html')))

test('in Markdown a transcript makes no element, no link and no picture, whoever shows it', async () => {
  const shown = new MarkdownIt({ html: true, linkify: false }).render(await exported(tale(), 'markdown'))
  assert.ok(!/<(?:script|img|iframe|a|!--)/i.test(shown), shown)
  assert.deepEqual(
    [...shown.matchAll(/<h[12]>(.*?)<\/h/g)].map(([, words]) => words),
    ['Bread &lt;b&gt;by&lt;/b&gt; | night', '1. Bake a bread that is better than the one of yesterday', '2. thanks'],
  )
})

test('whatever is said stays what was said', async () => {
  const nasty = fc.constantFrom(
    ...[
      '```',
      '~~~',
      '`',
      '<script>',
      '<!--',
      '](javascript:x)',
      '![',
      '# ',
      '\n',
      '> ',
      '&lt;',
      '"',
      '|',
      '\u202e',
      '\u0000',
      'x',
      '\\',
      '- ',
      '    ',
      '  ',
    ],
  )
  const words = fc.array(nasty, { maxLength: 14 }).map((some) => some.join(''))
  const markdown = new MarkdownIt({ html: true })
  await fc.assert(
    fc.asyncProperty(words, words, async (asked, said) => {
      const events = new Tale().ask(`a${asked}`).run(asked, said).say(said).ask('END').events
      assertHarmless(await exported(events, 'html'))
      const shown = markdown.render(await exported(events, 'markdown'))
      assert.ok(!/<(?:script|img|a|!--)/i.test(shown), shown)
      assert.match(shown, /<h2>2\. END<\/h2>/, 'a fence swallowed what follows')
    }),
    { numRuns: 60 },
  )
})

test('what came back stands under its call, in whatever order it came; what came late says whose it is', async () => {
  const told = new Tale().ask('bake')
  const [rye, oat, late] = ['rye', 'oat', 'late'].map((name) => told.call('run', 'Shell', name, { command: name }))
  told.result(oat!, 'oat is done').result(rye!, 'rye is done').say('Two of three.').result(late!, 'late is done')
  const markdown = await exported(told.events, 'markdown')
  assert.match(
    markdown,
    /`oat`\n\n```\noat is done\n```\n\n\*\*Shell\*\* `rye`\n\n```\nrye is done\n```\n\n\*\*Shell\*\* `late`\n\nTwo of three/,
  )
  assert.match(markdown, /\*From\* `Shell late`\n\n```\nlate is done/)
})

test('a huge output is cut, and says where the rest is', async () => {
  const told = await exported(new Tale().ask('count').run('seq', '1234567\n'.repeat(50_000)).events, 'markdown')
  assert.ok(told.length < 20_000)
  assert.match(told, /… 39\d,\d{3} more characters; the CloudEvents export has them\./)
})

function textOfEvent(event: Event): string {
  const { raw } = event
  return JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    time: event.time,
    subject: event.subject,
    agent: event.agent,
    session: event.session,
    project: event.project,
    ...(event.agentId !== null && { agentid: event.agentId }),
    sequence: event.sequence,
    data: { origin: event.origin, payload: event.payload, raw },
  })
}
