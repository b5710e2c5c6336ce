// Commits of the invented machine: one for each turn that changed files of the shop, and more by hand than a page has. There is no other checkout.
import { createHash } from 'node:crypto'
import type {
  CheckoutsAnswer,
  CommitAnswer,
  CommitPrompt,
  CommitsAnswer,
  LineShare,
  MadeCommitsAnswer,
} from '../../src/wire/commits.ts'
import type { TurnStory } from '../../src/wire/live.ts'
import type { World } from './world.ts'

export const SHOP = '/home/dev/shop'
const BY_HAND = 14
export const HOSTILE_SUBJECT = '<img src=x onerror=alert(1)> \u202Eby hand'

export const checkoutsAnswer = (world: World): CheckoutsAnswer => ({
  checkouts: [{ repo: SHOP, sessions: shopTurns(world).length, ended: new Date().toISOString() }],
  folders: 4,
  more: 0,
})

// Null: what the server says of a folder that is no checkout.
export function commitsAnswer(world: World, sha: string, query: URLSearchParams): CommitsAnswer | CommitAnswer | null {
  if (query.get('repo') !== SHOP) return null
  const all = commitsIn(world)
  if (sha !== '') return all.find(({ commit }) => commit === sha) ?? null
  const offset = Number(query.get('offset') ?? 0)
  return { repo: SHOP, commits: all.slice(offset, offset + Number(query.get('limit') ?? 20)) }
}

export function turnCommitsAnswer(world: World, turn: string, query: URLSearchParams): MadeCommitsAnswer | null {
  if (query.get('repo') !== SHOP) return null
  const held = commitsIn(world).filter(({ prompts }) => prompts.some((prompt) => prompt.turn === turn))
  const commits = held.map(({ commit, subject, author, committed, lines }) => ({
    ...{ commit, subject, author, committed },
    lines: lines.agent,
    made: true,
  }))
  return { repo: SHOP, count: 0, commits: [], holding: { commits, looked: held.length, more: 2 } }
}

const shopTurns = (world: World): readonly TurnStory[] =>
  world
    .sessions()
    .filter(({ cwd }) => cwd === SHOP)
    .flatMap(({ id }) => [...(world.turns.get(id)?.values() ?? [])])
    .filter(({ agentId, prompt, files }) => agentId === null && prompt !== null && files.length > 0)

function commitsIn(world: World): readonly CommitAnswer[] {
  const byAgents = shopTurns(world).map((turn, i) => commitOf(turn, i))
  const byHand = Array.from({ length: BY_HAND }, (_, i) => ({
    ...bare(i === 0 ? HOSTILE_SUBJECT : `By hand, number ${i}`, Date.now() - (40 + i) * 86_400_000),
    ...shared({ exact: 0, moved: 0, inferred: 0, unknown: 3 }),
  }))
  return [...byAgents, ...byHand]
}

function commitOf(turn: TurnStory, i: number): CommitAnswer {
  const lines = { exact: 30 + i, moved: 4, inferred: 6, unknown: i % 3 }
  const share = shared(lines)
  const prompt: CommitPrompt = {
    turn: turn.id,
    session: turn.session,
    agent: turn.agent,
    event: turn.prompt?.event ?? null,
    text: turn.prompt?.text ?? null,
    started: turn.started,
    lines: share.lines.agent,
    usd: '0.42',
    lower_bound: i % 2 === 1,
    output_tokens: 1_200,
  }
  return {
    ...bare(`Take in: ${turn.prompt?.text.slice(0, 50)}`, Date.parse(turn.ended ?? '')),
    ...share,
    usd: '0.42',
    lower_bound: i % 2 === 1,
    prompts: [prompt],
    sessions: [{ session: turn.session, agent: turn.agent, lines: share.lines.agent }],
    models: [{ agent: turn.agent, model: 'claude-opus-4-5-20251101', lines: share.lines.agent }],
    made_by: [{ turn: turn.id, session: turn.session, event: turn.firstEvent, sha: null, rewritten: false }],
    files: turn.files.map(({ path }) => ({
      path: path.replace(`${SHOP}/`, ''),
      from: null,
      skipped: null,
      ...share.lines,
      ranges: [],
    })),
    notes: ['src/a.ts: a formatter ran after it was written'],
  }
}

function bare(subject: string, ms: number): CommitAnswer {
  const time = new Date(ms || 0).toISOString()
  return {
    commit: createHash('sha1').update(subject).digest('hex'),
    parents: [],
    subject,
    author: 'dev',
    authored: time,
    committed: time,
    ...shared({ exact: 0, moved: 0, inferred: 0, unknown: 0 }),
    usd: null,
    lower_bound: false,
    prompts: [],
    sessions: [],
    models: [],
    made_by: [],
    files: [],
    notes: [],
  }
}

function shared(parts: Omit<LineShare, 'added' | 'agent'>): Pick<CommitAnswer, 'lines' | 'share'> {
  const agent = parts.exact + parts.moved + parts.inferred
  const added = agent + parts.unknown
  return { lines: { added, agent, ...parts }, share: added === 0 ? null : agent / added }
}
