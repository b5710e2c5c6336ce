// /api/commits and one commit: what of it agents wrote. Git is asked by whoever made the API; only checkouts that a session worked in are told of.
import Type, { type Static } from 'typebox'
import { CONFIDENCES } from '../folds/provenance/blame.ts'
import type { CheckoutsAnswer, CommitAnswer, CommitsAnswer, MadeCommitsAnswer } from '../wire/commits.ts'
import { NoParams, ParamError, readParams } from './params.ts'
import type { Route } from './routes.ts'

export interface CommitsWish {
  readonly repo: string // a folder in the checkout
  readonly revs: string // a commit, or a range
  readonly limit: number | null // null: the one commit that is meant
  readonly offset?: number // the newest so many are left away
}
// A sentence instead: no such checkout, no such commit.
export type TellCommits = (wish: CommitsWish) => Promise<CommitsAnswer | string>

export interface MadeByWish {
  readonly repo: string
  readonly id: string // of a turn or a prompt, or of a session
  readonly limit: number
}
export type TellMadeBy = (wish: MadeByWish) => Promise<MadeCommitsAnswer | string>

const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const flag = Type.Boolean()
const textOrNull = Type.Union([Type.String(), Type.Null()])
const countOrNull = Type.Union([count, Type.Null()])

const repo = Type.String({
  default: '',
  maxLength: 4_096,
  description: 'a folder in a git checkout of this machine that a session worked in, from the root',
})
const OneCommitParams = Type.Object({ repo })
const MadeByParams = Type.Object({
  repo,
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'at most so many, the latest' }),
})
const CommitsParams = Type.Object({
  repo,
  revs: Type.String({ default: 'HEAD', minLength: 1, maxLength: 500, description: 'a commit, or a range: main..HEAD' }),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'at most so many, the newest first' }),
  offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0, description: 'the newest so many are left away' }),
})

const share = { added: count, agent: count, exact: count, moved: count, inferred: count, unknown: count }
const CommitSchema = Type.Object({
  commit: text,
  parents: Type.Array(text),
  subject: text,
  author: text,
  authored: text,
  committed: text,
  lines: Type.Object(share),
  share: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
    description: 'of added lines that agents wrote; null: it added none',
  }),
  usd: Type.Union([text, Type.Null()], { description: 'of its prompts, each as a whole: not to be added up' }),
  lower_bound: flag,
  prompts: Type.Array(
    Type.Object({
      turn: text,
      session: text,
      agent: text,
      event: textOrNull,
      text: textOrNull,
      started: textOrNull,
      lines: count,
      usd: textOrNull,
      lower_bound: flag,
      output_tokens: countOrNull,
    }),
  ),
  sessions: Type.Array(Type.Object({ session: text, agent: text, lines: count })),
  models: Type.Array(Type.Object({ agent: text, model: textOrNull, lines: count })),
  made_by: Type.Array(Type.Object({ turn: text, session: text, event: text, sha: textOrNull, rewritten: flag })),
  files: Type.Array(
    Type.Object({
      path: text,
      from: textOrNull,
      skipped: textOrNull,
      ...share,
      ranges: Type.Array(
        Type.Object({
          from: Type.Integer({ minimum: 1 }),
          to: Type.Integer({ minimum: 1 }),
          confidence: Type.Enum([...CONFIDENCES]),
          turn: textOrNull,
          session: textOrNull,
          agent: textOrNull,
          model: textOrNull,
          event: textOrNull,
          time: textOrNull,
        }),
      ),
    }),
  ),
  notes: Type.Array(text, { description: 'what lowers the confidence, in sentences' }),
})
const CommitsSchema = Type.Object({ repo: text, commits: Type.Array(CommitSchema) })
const MadeCommitsSchema = Type.Object({
  repo: text,
  count: Type.Integer({ minimum: 0, description: 'that it made' }),
  commits: Type.Array(
    Type.Object({
      turn: text,
      event: text,
      sha: Type.Union([text, Type.Null()], { description: 'as git said when it was made' }),
      subject: text,
      now: Type.Enum(['as it was', 'rewritten', 'not here']),
      commit: Type.Union([CommitSchema, Type.Null()]),
    }),
  ),
  holding: Type.Union(
    [
      Type.Object({
        commits: Type.Array(
          Type.Object({ commit: text, subject: text, author: text, committed: text, lines: count, made: flag }),
        ),
        looked: count,
        more: count,
      }),
      Type.Null(),
    ],
    { description: 'commits of what is checked out in which its lines are, whoever made them; null for a session' },
  ),
})
const CheckoutsSchema = Type.Object({
  checkouts: Type.Array(Type.Object({ repo: text, sessions: count, ended: textOrNull })),
  folders: Type.Integer({ minimum: 0, description: 'that sessions worked in, and were looked at' }),
  more: count,
})

// True, or the compiler stops here.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type CommitSchemasAgree = [
  Has<CommitAnswer, Static<typeof CommitSchema>>,
  Has<CommitsAnswer, Static<typeof CommitsSchema>>,
  Has<MadeCommitsAnswer, Static<typeof MadeCommitsSchema>>,
  Has<CheckoutsAnswer, Static<typeof CheckoutsSchema>>,
]

export type TellCheckouts = () => Promise<CheckoutsAnswer>

export const commitRoutes = (notThere: (sentence: string) => Error): readonly Route[] => {
  const asked = async <Wish extends { readonly repo: string }, Answer extends object>(
    tell: (wish: Wish) => Promise<Answer | string>,
    wish: Wish,
  ): Promise<Answer> => {
    if (wish.repo === '') throw new ParamError('the parameter repo names a checkout, as /home/me/work')
    const found = await tell(wish)
    if (typeof found === 'string') throw notThere(found)
    return found
  }
  return [
    {
      path: '/api/commits',
      summary:
        'Commits of a checkout, each with its lines by prompt, the share agents wrote and what those prompts cost',
      params: CommitsParams,
      answers: CommitsSchema,
      contentType: 'application/json',
      fails: [400, 404],
      handle: ({ commits }, _id, query) => asked(commits, readParams(CommitsParams, query)),
    },
    {
      path: '/api/checkouts',
      summary: 'The git checkouts of this machine that sessions worked in',
      params: NoParams,
      answers: CheckoutsSchema,
      contentType: 'application/json',
      fails: [400],
      handle: ({ checkouts }) => checkouts(),
    },
    {
      path: '/api/commits/{id}',
      summary: 'One commit, by any name git has for it',
      params: OneCommitParams,
      answers: CommitSchema,
      contentType: 'application/json',
      fails: [400, 404],
      async handle({ commits }, id, query) {
        if (id.includes('..')) throw new ParamError(`one commit is asked for here, not a range; see /api/commits`)
        const wish = { ...readParams(OneCommitParams, query), revs: id, limit: null }
        return (await asked(commits, wish)).commits[0] ?? notFound(id)
      },
    },
    {
      path: '/api/turns/{id}/commits',
      summary:
        'The commits that a turn, a prompt or a session made, what they are in a checkout now, and which hold its lines',
      params: MadeByParams,
      answers: MadeCommitsSchema,
      contentType: 'application/json',
      fails: [400, 404],
      handle: ({ madeBy }, id, query) => asked(madeBy, { id, ...readParams(MadeByParams, query) }),
    },
  ]
  function notFound(id: string): never {
    throw notThere(`there is no commit ${JSON.stringify(id.slice(0, 100))}`)
  }
}
