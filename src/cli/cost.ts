// openstory cost --by day|session|project|model|agent|prompt|turn|tool|subagent: what was spent, each request counted once.
import type { Command } from 'commander'
import { openAsking } from '../app/asking.ts'
import { costQuery, PRICE_LIST, refreshPrices } from '../app/cost.ts'
import { type CostRequest, type CostRow, CUTS, type Cut } from '../folds/cost.ts'
import { amountIn, moneyIn, oneLine, printColumns, printJson, printLine, say, some, when } from './print.ts'
import { configOf, type SettingFlags, withDataDir } from './settings.ts'

interface Flags extends SettingFlags {
  readonly by: string
  readonly since?: string
  readonly until?: string
  readonly tz?: string
  readonly project?: string
  readonly agent?: string
  readonly session?: string
  readonly requests?: string | true
  readonly limit?: string
  readonly json?: boolean
}

export function costVerb(program: Command): void {
  withDataDir(program.command('cost'))
    .description('what was spent, each request counted once')
    .option('--by <cut>', `cut by ${CUTS.join(', ')}`, 'day')
    .option('--since <time>', 'from this day or time on: 2026-11-25, 3d, today')
    .option('--until <time>', 'up to this day or time, included')
    .option('--tz <zone>', 'time zone of the days; this machine’s unless given')
    .option('--project <project>', 'only of this project')
    .option('--agent <agent>', 'only of this agent')
    .option('--session <id>', 'only of this session')
    .option('--requests [key]', 'open a row, by its key: the requests it is made of')
    .option('--limit <n>', 'at most so many; all with --json unless given')
    .option('--json', 'as JSON')
    .action(async (flags: Flags) => {
      const { dataDir } = configOf(flags)
      await refreshPrices(dataDir)
      const asking = openAsking(dataDir)
      const limit = flags.limit === undefined ? (flags.json ? Number.MAX_SAFE_INTEGER : 50) : Number(flags.limit)
      const session = flags.session === undefined ? undefined : await asking.sessionId(flags.session)
      const query = costQuery({ ...flags, session }, limit)
      if (flags.requests === undefined) {
        const { rows, count, total, unknownModels } = await asking.reader.cost(query)
        asking.close()
        if (flags.json) return printJson(rows)
        printRows(query.by, [...rows, total])
        if (rows.length < count) say(`the first ${rows.length} of ${count}; more with --limit`)
        for (const sentence of besides(total)) say(sentence)
        for (const { model, requests } of unknownModels)
          say(`the price of ${model} is not known (${requests} requests); prices.toml in ${dataDir} can say it`)
        return say(`prices: ${PRICE_LIST.name} ${PRICE_LIST.version} of ${PRICE_LIST.date}`)
      }
      const key = flags.requests === true ? null : flags.requests
      const { requests, count } = await asking.reader.costRequests(query, key)
      asking.close()
      if (flags.json) return printJson(requests)
      printRequests(requests)
      if (requests.length < count) say(`the latest ${requests.length} of ${count}; more with --limit`)
    })
}

// What the whole holds that no column shows.
export function besides({ subagent_requests: sent, subagent_usd, compared, ...whole }: CostRow): readonly string[] {
  const money = (usd: string, isLess = false) => moneyIn({ usd, lower_bound: isLess })
  const sentences: string[] = []
  if (sent > 0)
    sentences.push(`${some(sent, 'request')} by subagents, ${money(subagent_usd, whole.lower_bound)}, in the total`)
  if (compared !== null)
    sentences.push(
      `${some(compared.requests, 'request')} came with the agent’s own price: ${money(compared.recorded_usd)} as written, ${money(compared.computed_usd)} by the list`,
    )
  if (whole.partial > 0)
    sentences.push(
      `of ${some(whole.partial, 'answer')} only a beginning was written down: what has one in it is “≥”, at least that`,
    )
  return sentences
}

const HEAD = ['', 'requests', 'input', 'output', 'write 5m', 'write 1h', 'read', 'USD', '']

function printRows(by: Cut, rows: readonly CostRow[]): void {
  printColumns([
    [by, ...HEAD.slice(1)],
    ...rows.map((row) => [
      row.key,
      count(row.requests),
      count(row.input),
      atLeast(row.partial > 0, row.output),
      count(row.cache_write_5m),
      count(row.cache_write_1h),
      count(row.cache_read),
      amountIn(row, '') ?? 'unknown',
      oneLine(row.text ?? ''),
    ]),
  ])
}

function printRequests(requests: readonly CostRequest[]): void {
  if (requests.length === 0) return printLine('no requests')
  printColumns(
    requests.map((request) => [
      when(request.time),
      request.model ?? '—',
      `${count(request.input)} in`,
      `${atLeast(request.partial, request.output)} out`,
      `${count(request.cache_write_5m + request.cache_write_1h)} written`,
      `${count(request.cache_read)} read`,
      amountIn(request, '') ?? 'unknown',
      request.event,
      request.tools.join(' '),
    ]),
  )
}

const count = (number: number): string => number.toLocaleString('en-US')
const atLeast = (isLess: boolean, number: number): string => `${isLess ? '≥ ' : ''}${count(number)}`
