// Money is an integer of nano-dollars until it is printed.
const DECIMALS = 9

// As a decimal string in USD, exact, without zeros that say nothing.
export function usdOf(nano: number | bigint): string {
  const digits = String(nano).padStart(DECIMALS + 1, '0')
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '')
  return digits.slice(0, -DECIMALS) + (fraction === '' ? '' : `.${fraction}`)
}

// And back again.
export function nanoOf(usd: string): number {
  const [whole = '', fraction = ''] = usd.split('.')
  return Number(whole + fraction.padEnd(DECIMALS, '0'))
}
