// One's own prices: <data-dir>/prices.toml, in USD per million tokens, and other names for models. What cannot be right is refused with a
// sentence that names it.
//
//   [aliases]
//   "our-proxy/large" = "their-model"
//   [models."our-own-model"]
//   input = 3.0                # cache_read, cache_write_5m, cache_write_1h: as input unless given
//   output = 15.0
//   web_search = 10.0          # a thousand of them
//   [[models."our-own-model".over]]
//   tokens = 200000            # more went in than this: the whole request costs
//   input = 6.0
//   output = 22.5
import { hash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { reasonOf } from '../base/log.ts'
import type { Prices } from '../folds/ledger.ts'
import { PRICE_LIST } from '../insights/cost/edition.ts'
import type { Band, OwnPrices } from '../insights/cost/prices.ts'
import { ConfigError } from './config.ts'

const PRICES_FILE = 'prices.toml'

// Grows when the same list and file would give another price.
const RULES = 1

// Throws ConfigError. The list is large, so it is loaded where prices are needed and nowhere else.
export async function loadPrices(dataDir: string): Promise<Prices> {
  const { own, mark } = readOwnPrices(dataDir)
  const { priceList } = await import('../insights/cost/prices.ts')
  return priceList(own, editionOf(mark))
}

// What costs are computed by today, without loading the list. Throws ConfigError.
export const priceEdition = (dataDir: string): string => editionOf(readOwnPrices(dataDir).mark)

const editionOf = (mark: string) => `${PRICE_LIST.version} ${RULES}${mark}`

// Throws ConfigError. `mark` changes with the file.
export function readOwnPrices(dataDir: string): { readonly own: OwnPrices; readonly mark: string } {
  const path = join(dataDir, PRICES_FILE)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const mark = text === '' ? '' : ` ${hash('sha256', text, 'hex').slice(0, 16)}`
  return { own: ownPrices(text, path), mark }
}

// When one's own file was written last; 0 where there is none.
export const pricesWrittenMs = (dataDir: string): number =>
  statSync(join(dataDir, PRICES_FILE), { throwIfNoEntry: false })?.mtimeMs ?? 0

type Table = Readonly<Record<string, unknown>>

export function ownPrices(text: string, path: string): OwnPrices {
  let file: Table
  try {
    file = parse(text)
  } catch (error) {
    const where = error instanceof TomlError ? ` at line ${error.line}` : ''
    throw new ConfigError(`${path} cannot be read as TOML${where} (${reasonOf(error).split('\n')[0]}); correct it`)
  }
  only(file, ['aliases', 'models'], path)
  const aliases = Object.entries(tableIn(file.aliases, `aliases in ${path}`)).map(([name, of]) => {
    if (typeof of === 'string' && of !== '') return [name, of] as const
    throw new ConfigError(`the alias ${name} in ${path} is the name of a model, in quotes`)
  })
  const models = Object.entries(tableIn(file.models, `models in ${path}`)).map(
    ([name, prices]) => [name, bandsIn(prices, `the model ${name} in ${path}`)] as const,
  )
  return { aliases: new Map(aliases), models: new Map(models) }
}

const RATES = ['input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'web_search']

function bandsIn(value: unknown, what: string): readonly Band[] {
  const table = tableIn(value, what)
  only(table, [...RATES, 'over'], what)
  const over = table.over ?? []
  if (!Array.isArray(over)) throw new ConfigError(`over of ${what} is written as [[models."…".over]]`)
  const bands = over.map((each) => {
    const band = tableIn(each, `over of ${what}`)
    only(band, [...RATES, 'tokens'], `over of ${what}`)
    return bandIn({ ...table, ...band }, amountIn(band, 'tokens', undefined, what), what)
  })
  return [bandIn(table, -1, what), ...bands.sort((a, b) => a.over - b.over)]
}

function bandIn(table: Table, over: number, what: string): Band {
  const input = amountIn(table, 'input', undefined, what)
  return {
    over,
    input,
    output: amountIn(table, 'output', undefined, what),
    cacheRead: amountIn(table, 'cache_read', input, what),
    cacheWrite5m: amountIn(table, 'cache_write_5m', input, what),
    cacheWrite1h: amountIn(table, 'cache_write_1h', amountIn(table, 'cache_write_5m', input, what), what),
    webSearches: amountIn(table, 'web_search', 0, what),
  }
}

const AMOUNT_MAX = 1e9

function amountIn(table: Table, name: string, otherwise: number | undefined, what: string): number {
  const amount = table[name] ?? otherwise
  if (typeof amount === 'number' && amount >= 0 && amount <= AMOUNT_MAX) return amount
  throw new ConfigError(`${what} needs ${name}, a number of USD or tokens that is not negative`)
}

function tableIn(value: unknown, what: string): Table {
  if (value === undefined) return {}
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Table
  throw new ConfigError(`${what} is a table`)
}

function only(table: Table, known: readonly string[], what: string): void {
  const stranger = Object.keys(table).find((name) => !known.includes(name))
  if (stranger !== undefined)
    throw new ConfigError(`${what} has ${stranger}, which nobody knows; there is ${known.join(', ')}`)
}
