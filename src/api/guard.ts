// Who is answered at all. A server on this machine is reachable by every web page the person opens, so nothing is answered that a page
// of another origin could have sent: not under a foreign name (DNS rebinding), not with a foreign Origin, not across sites. Only reading,
// and no bodies. Pure; the same rule for requests and for WebSocket upgrades. Who needs a token besides is for access.ts to say.

export interface Asked {
  readonly method: string
  readonly url: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly hasBody: boolean
  readonly localAddress: string | undefined // of ours, that the connection came in at
}

export interface Refusal {
  readonly status: 400 | 401 | 403 | 405 | 413 | 429 | 503
  readonly error: string
  readonly headers?: Readonly<Record<string, string>>
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]']
const EVERYWHERE = ['0.0.0.0', '::']

export const isLoopback = (host: string): boolean => ['localhost', '127.0.0.1', '::1'].includes(host)

// The names a server goes by.
export interface Names {
  readonly example: string
  readonly has: (host: string, localAddress?: string) => boolean
}

// Of a server bound to `host`. `allowed`: names of a proxy or of this machine in its network, at any port unless they say one.
export function namesOf(host: string, port: number, allowed: readonly string[] = []): Names {
  const at = (name: string) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])
  const own = new Set(
    (isLoopback(host) || EVERYWHERE.includes(host) ? LOCAL_NAMES : [bracketed(host), ...LOCAL_NAMES]).flatMap(at),
  )
  const more = new Set(allowed.map((name) => name.toLowerCase()))
  return {
    example: [...own][0]!,
    has(asked, localAddress) {
      const name = asked.toLowerCase()
      if (own.has(name) || more.has(name) || more.has(withoutPort(name))) return true
      // An address is no name: nobody can point it elsewhere.
      const address = localAddress?.replace(/^::ffff:/, '')
      return EVERYWHERE.includes(host) && address !== undefined && at(bracketed(address)).includes(name)
    },
  }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
const withoutPort = (host: string): string => host.replace(/:\d*$/, '')

export function refusalOf(asked: Asked, names: Names): Refusal | null {
  const { host, origin, localAddress } = asked
  if (host === undefined || !names.has(host, localAddress))
    return no(
      `this server answers only under its own name, such as ${names.example}, not as ${shown(host)}; one more is allowed with --allow-host`,
    )
  if (origin !== undefined && !isOwn(origin, names, localAddress))
    return no(`pages of another origin (${shown(origin)}) may not read what is here`)
  if (asked.fetchSite !== undefined && asked.fetchSite !== 'same-origin' && asked.fetchSite !== 'none')
    return no(`pages of another site may not read what is here; type the address into the browser instead`)
  if (!asked.url.startsWith('/'))
    return { status: 400, error: 'a request names a path on this server, such as /api/sessions' }
  if (asked.method !== 'GET' && asked.method !== 'HEAD')
    return {
      status: 405,
      error: `${shown(asked.method)} is not possible: this server is only read, with GET or HEAD`,
      headers: { allow: 'GET, HEAD' },
    }
  if (asked.hasBody) return { status: 413, error: 'this server is only read: a request to it has no body' }
  return null
}

const no = (error: string): Refusal => ({ status: 403, error })
function isOwn(origin: string, names: Names, localAddress: string | undefined): boolean {
  const scheme = ['http://', 'https://'].find((one) => origin.startsWith(one))
  return scheme !== undefined && names.has(origin.slice(scheme.length), localAddress)
}
const shown = (word: string | undefined): string =>
  word === undefined ? 'nothing' : JSON.stringify(word.slice(0, 100))

// On every answer. Transcript text is never markup, and should it ever become markup by mistake, it could not load, run or send anything.
// `host` has passed the guard. Browsers that do not count ws: as 'self' need the stream's own address.
export const securityHeaders = (host: string): Readonly<Record<string, string>> => ({
  'content-security-policy':
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; ` +
    `connect-src 'self' ws://${host} wss://${host}; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
})
