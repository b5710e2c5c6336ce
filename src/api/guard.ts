// Who is answered at all. A server on this machine is reachable by every web page the person opens, so nothing is answered that a page
// of another origin could have sent: not under a foreign name (DNS rebinding), not with a foreign Origin, not across sites. Only reading.
// Pure; the same rule for requests and for WebSocket upgrades.

export interface Asked {
  readonly method: string
  readonly url: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
}

export interface Refusal {
  readonly status: 400 | 403 | 405
  readonly error: string
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]']

export const localHosts = (port: number): ReadonlySet<string> =>
  new Set(LOCAL_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])))

export function refusalOf(asked: Asked, hosts: ReadonlySet<string>): Refusal | null {
  const host = asked.host?.toLowerCase()
  if (host === undefined || !hosts.has(host))
    return no(`this server answers only under its own name, such as ${[...hosts][0]}, not as ${shown(asked.host)}`)
  if (asked.origin !== undefined && !isOwn(asked.origin, hosts))
    return no(`pages of another origin (${shown(asked.origin)}) may not read what is here`)
  if (asked.fetchSite !== undefined && asked.fetchSite !== 'same-origin' && asked.fetchSite !== 'none')
    return no(`pages of another site may not read what is here; type the address into the browser instead`)
  if (!asked.url.startsWith('/'))
    return { status: 400, error: 'a request names a path on this server, such as /api/sessions' }
  if (asked.method !== 'GET' && asked.method !== 'HEAD')
    return { status: 405, error: `${shown(asked.method)} is not possible: this server is only read, with GET or HEAD` }
  return null
}

const no = (error: string): Refusal => ({ status: 403, error })
const isOwn = (origin: string, hosts: ReadonlySet<string>): boolean =>
  origin.startsWith('http://') && hosts.has(origin.slice('http://'.length).toLowerCase())
const shown = (word: string | undefined): string =>
  word === undefined ? 'nothing' : JSON.stringify(word.slice(0, 100))

// On every answer. Transcript text is never markup, and should it ever become markup by mistake, it could not load, run or send anything.
// `host` has passed the guard. Browsers that do not count ws: as 'self' need the stream's own address.
export const securityHeaders = (host: string): Readonly<Record<string, string>> => ({
  'content-security-policy':
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws://${host}; ` +
    `font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
})
