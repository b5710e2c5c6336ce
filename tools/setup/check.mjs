// npm run check: types, format and lint.
import { CHECKS } from './checks.mjs'
import { prepare } from './prepare.mjs'
import { main, say } from './say.mjs'

await main(async () => {
  await prepare({ deps: true, runtime: true })
  let failed = 0
  for (const { name, complaints } of CHECKS) {
    const text = await complaints()
    if (text !== '') failed++
    say(text === '' ? `✔ ${name}` : `✖ ${name}\n${text}`)
  }
  return failed === 0 ? 0 : 1
})
