// What a request costs: one's own prices first, then the list that is shipped inside. A model that neither knows has no price, never $0.
// Computed here in whole pico-dollars a token, so that a sum is the same however it is cut; the list only says which rates hold when.
import { calcPrice, type ModelPrice } from '@pydantic/genai-prices'
import { NEVER, type Prices, type Spent } from '../../folds/ledger.ts'

// USD per million tokens; per thousand web searches.
export interface Rates {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly webSearches: number
}

// A band holds for the whole request once more than `over` tokens went in, cached ones included.
export interface Band extends Rates {
  readonly over: number
}

export interface OwnPrices {
  readonly aliases: ReadonlyMap<string, string> // a model's name → the name whose prices it has
  readonly models: ReadonlyMap<string, readonly Band[]>
}

export const NO_OWN_PRICES: OwnPrices = { aliases: new Map(), models: new Map() }

export function priceList(own: OwnPrices, edition: string): Prices {
  const sheets = new Map<string, Sheet>()
  return {
    edition,
    of(model, at, spent) {
      let sheet = sheets.get(model)
      if (sheet === undefined) {
        sheet = sheetOf(own, model)
        if (sheets.size >= SHEETS_MAX) sheets.clear()
        sheets.set(model, sheet)
      }
      const bands = sheet(at)
      return bands === null ? null : priceOf(bands, spent)
    },
  }
}

// The rates of a model at a time, or null.
type Sheet = (at: number) => readonly Band[] | null

const SHEETS_MAX = 1_000
const ALIASES_MAX = 8 // one after another; a ring of them ends here
const QUARTER_MS = 15 * 60_000 // prices that change with the hour of the day do so at one
const DAY_MS = 24 * 60 * 60_000

function sheetOf(own: OwnPrices, model: string): Sheet {
  let name = model
  for (let i = 0; i < ALIASES_MAX && !own.models.has(name); i++) name = own.aliases.get(name) ?? name
  const mine = own.models.get(name)
  if (mine !== undefined) return () => mine
  const found = listed(name, NEVER)
  if (found === null) return () => null
  const { span } = found
  if (span === null) return () => found.bands
  const then = new Map<number, readonly Band[]>()
  return (at) => {
    const when = Math.floor(at / span)
    const known = then.get(when)
    if (known !== undefined) return known
    const bands = listed(name, at)!.bands
    if (then.size >= SHEETS_MAX) then.clear()
    then.set(when, bands)
    return bands
  }
}

// Names with a vendor before a slash or a dot are those of resellers, whose lists have them.
const RESELLERS: readonly (readonly [sign: string, provider: string])[] = [
  ['/', 'openrouter'],
  ['.', 'aws'],
]

interface Listed {
  readonly bands: readonly Band[]
  readonly span: number | null // ms for which a price holds at least; null: for ever
}

function listed(model: string, at: number): Listed | null {
  const timestamp = new Date(at)
  const found =
    calcPrice({}, model, { timestamp }) ??
    RESELLERS.filter(([sign]) => model.includes(sign))
      .map(([, providerId]) => calcPrice({}, model, { timestamp, providerId }))
      .find((price) => price !== null) ??
    null
  if (found === null) return null
  const { prices } = found.model
  const byHour = Array.isArray(prices) && prices.some(({ constraint }) => constraint?.type === 'time_of_date')
  return { bands: bandsOf(found.model_price), span: byHour ? QUARTER_MS : Array.isArray(prices) ? DAY_MS : null }
}

// Who makes a model, as the list of prices names them: what models.dev writes before the slash. Null: the list does not know it.
export const makerOf = (model: string): string | null => calcPrice({}, model)?.provider.id ?? null

function bandsOf(price: ModelPrice): readonly Band[] {
  const starts = new Set<number>()
  for (const rate of Object.values(price))
    if (typeof rate === 'object') for (const tier of rate.tiers) starts.add(tier.start)
  return [-1, ...[...starts].sort((a, b) => a - b)].map((over) => ({ over, ...ratesOver(price, over) }))
}

// What has no rate of its own is paid as what it is a part of.
function ratesOver(price: ModelPrice, over: number): Rates {
  const rate = (name: string, otherwise: number): number => {
    const here = price[name]
    if (here === undefined) return otherwise
    if (typeof here === 'number') return here
    return here.tiers.toSorted((a, b) => a.start - b.start).findLast(({ start }) => over >= start)?.price ?? here.base
  }
  const input = rate('input_mtok', 0)
  const cacheWrite5m = rate('cache_write_mtok', input)
  return {
    input,
    output: rate('output_mtok', 0),
    cacheRead: rate('cache_read_mtok', input),
    cacheWrite5m,
    cacheWrite1h: rate('cache_write_1h_mtok', cacheWrite5m),
    webSearches: rate('web_searches_kcount', 0),
  }
}

const PICO_PER_MTOK = 1e6 // pico-dollars a token, for one USD per million tokens
const PICO_PER_THOUSAND = 1e9
const PICO_IN_NANO = 1_000

function priceOf(bands: readonly Band[], spent: Spent): number {
  const into = spent.input + spent.cacheRead + spent.cacheWrite5m + spent.cacheWrite1h
  const rates = bands.length === 1 ? bands[0]! : (bands.findLast(({ over }) => into > over) ?? bands[0]!)
  const pico =
    spent.input * picoOf(rates.input) +
    spent.output * picoOf(rates.output) +
    spent.cacheRead * picoOf(rates.cacheRead) +
    spent.cacheWrite5m * picoOf(rates.cacheWrite5m) +
    spent.cacheWrite1h * picoOf(rates.cacheWrite1h) +
    spent.webSearches * Math.round(rates.webSearches * PICO_PER_THOUSAND)
  return pico <= Number.MAX_SAFE_INTEGER ? Math.round(pico / PICO_IN_NANO) : exactPriceOf(rates, spent)
}

const picoOf = (usdPerMtok: number): number => Math.round(usdPerMtok * PICO_PER_MTOK)

// More than $9,000 for one request: no number a transcript should hold, but it is summed exactly all the same.
function exactPriceOf(rates: Rates, spent: Spent): number {
  const names = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const
  const tokens = names.reduce((sum, name) => sum + BigInt(spent[name]) * BigInt(picoOf(rates[name])), 0n)
  const exact = tokens + BigInt(spent.webSearches) * BigInt(Math.round(rates.webSearches * PICO_PER_THOUSAND))
  return Number((exact + BigInt(PICO_IN_NANO / 2)) / BigInt(PICO_IN_NANO))
}
