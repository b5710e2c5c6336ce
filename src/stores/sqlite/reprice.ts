// When prices change (a newer list, one's own file), what every request cost is computed anew, and with it every sum and every row.
import type { DatabaseSync } from 'node:sqlite'
import type { Prices } from '../../folds/ledger.ts'
import { costOf, type SessionRow } from '../../folds/session.ts'
import { transaction } from './database.ts'
import { requestOf } from './ledger.ts'
import { sumAnew } from './sums.ts'

const EDITION = 'prices'

// Returns whether there was anything to do. The rows it changes are news.
export function reprice(db: DatabaseSync, prices: Prices): boolean {
  if (pricedBy(db) === prices.edition) return false
  transaction(db, () => {
    if (priceRequests(db, prices) > 0) {
      sumAnew(db)
      costSessions(db)
    }
    db.prepare('INSERT OR REPLACE INTO ledger_facts VALUES (?, ?)').run(EDITION, prices.edition)
  })
  return true
}

// The edition of the prices that the costs of a ledger were computed by.
export const pricedBy = (db: DatabaseSync): string | undefined =>
  (db.prepare('SELECT value FROM ledger_facts WHERE name = ?').get(EDITION) as { value: string } | undefined)?.value

const BATCH = 2_000

function priceRequests(db: DatabaseSync, prices: Prices): number {
  const some = db.prepare('SELECT rowid AS n, * FROM requests WHERE rowid > ? ORDER BY rowid LIMIT ?')
  const put = db.prepare('UPDATE requests SET computed = ?, nano = ? WHERE rowid = ?')
  let changed = 0
  for (let from = 0; ; ) {
    const rows = some.all(from, BATCH) as unknown as (Parameters<typeof requestOf>[0] & { readonly n: number })[]
    for (const row of rows) {
      const { model, at, spent, computed } = requestOf(row)
      const now = prices.of(model, at, spent)
      if (now === computed) continue
      put.run(now, spent.recorded ?? now, row.n)
      changed++
    }
    if (rows.length < BATCH) return changed
    from = rows.at(-1)!.n
  }
}

function costSessions(db: DatabaseSync): void {
  const put = db.prepare('UPDATE sessions SET row = ?, announced = 0 WHERE id = ?')
  const spent = db
    .prepare(
      `SELECT s.row, sum(t.requests) AS requests, sum(t.nano) AS nano, sum(t.unpriced) AS unpriced, sum(t.partial) AS partial
       FROM session_sums t JOIN sessions s ON s.id = t.session GROUP BY s.id`,
    )
    .all() as unknown as (SessionRow['spent'] & { readonly row: string })[]
  for (const { row, ...sum } of spent) {
    const session = JSON.parse(row) as SessionRow
    put.run(JSON.stringify({ ...session, spent: sum, cost: costOf(sum) } satisfies SessionRow), session.id)
  }
}
