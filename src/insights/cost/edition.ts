// Which list of prices is shipped inside, and when it was made. A test holds the version against the package; the date is the registry's.
export const PRICE_LIST = { name: '@pydantic/genai-prices', version: '0.1.8', date: '2026-09-23' } as const
