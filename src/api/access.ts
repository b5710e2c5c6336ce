// Who may read where a token is asked for: a program that sends it as a bearer, or a browser that was given our cookie for it. The cookie
// is no token: it is drawn from a key only this machine has, so it cannot be guessed, says nothing of the token, and ends with it.
// Wrong tokens are counted by the address they come from; whoever has had too many waits, and is not even compared meanwhile.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Refusal } from './guard.ts'

export interface Keys {
  readonly token: string
  readonly cookieKey: string
}

export interface Bearing {
  readonly authorization: string | undefined
  readonly cookie: string | undefined
  readonly address: string // of the one who asks
}

const TRIES_MAX = 10
const TRY_MS = 6_000 // one more after each
const ADDRESSES_MAX = 1_000
const COOKIE_S = 30 * 24 * 60 * 60

export class Access {
  readonly #keys: Keys
  readonly #cookieName: string
  readonly #cookieValue: string
  readonly #nowMs: () => number
  readonly #tries = new Map<string, { left: number; atMs: number }>()

  // The port is in the cookie's name: browsers do not tell the servers of one machine apart by it.
  constructor(keys: Keys, port: number, nowMs: () => number) {
    this.#keys = keys
    this.#cookieName = `openstory-${port}`
    this.#cookieValue = createHmac('sha256', keys.cookieKey).update(keys.token).digest('base64url')
    this.#nowMs = nowMs
  }

  refusalOf({ authorization, cookie, address }: Bearing): Refusal | null {
    if (cookie !== undefined && this.#isOurs(cookie)) return null
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    return token === undefined ? unknown : this.tokenRefusal(token, address)
  }

  tokenRefusal(token: string, address: string): Refusal | null {
    const waitMs = this.#waitMs(address)
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000)
      const error = `too many wrong tokens came from this address; try again in ${seconds} s`
      return { status: 429, error, headers: { 'retry-after': String(seconds) } }
    }
    if (this.#isSame(token, this.#keys.token)) return null
    this.#countWrong(address)
    return { ...unknown, error: 'this is not the token of this server' }
  }

  // HttpOnly: no script reads it. Strict: no page of another site has it sent along.
  cookieFor(isSecure: boolean): string {
    const always = `${this.#cookieName}=${this.#cookieValue}; Path=/; Max-Age=${COOKIE_S}; HttpOnly; SameSite=Strict`
    return isSecure ? `${always}; Secure` : always
  }

  #isOurs(cookies: string): boolean {
    const begins = `${this.#cookieName}=`
    const own = cookies.split(/; */).filter((one) => one.startsWith(begins))
    return own.some((one) => this.#isSame(one.slice(begins.length), this.#cookieValue))
  }

  // In a time that says nothing about how much of it is right: the two are compared as hashes of one length.
  #isSame(given: string, right: string): boolean {
    const hash = (word: string) => createHmac('sha256', this.#keys.cookieKey).update(word).digest()
    return timingSafeEqual(hash(given), hash(right))
  }

  #waitMs(address: string): number {
    const tries = this.#tries.get(placeOf(address))
    return tries === undefined || this.#leftOf(tries) >= 1 ? 0 : TRY_MS * (1 - this.#leftOf(tries))
  }

  #leftOf({ left, atMs }: { left: number; atMs: number }): number {
    return Math.min(TRIES_MAX, left + Math.max(0, this.#nowMs() - atMs) / TRY_MS)
  }

  #countWrong(address: string): void {
    const place = placeOf(address)
    const before = this.#tries.get(place)
    const left = (before === undefined ? TRIES_MAX : this.#leftOf(before)) - 1
    this.#tries.delete(place)
    this.#tries.set(place, { left, atMs: this.#nowMs() })
    if (this.#tries.size > ADDRESSES_MAX) this.#tries.delete(this.#tries.keys().next().value!)
  }
}

const unknown: Refusal = {
  status: 401,
  error: 'this server asks for its token; send it as Authorization: Bearer, or sign in on its page',
  headers: { 'www-authenticate': 'Bearer realm="OpenStory"' },
}

// A household has a whole network of IPv6 addresses.
const placeOf = (address: string): string =>
  address.includes(':') && !address.startsWith('::ffff:') ? address.split(':').slice(0, 4).join(':') : address
