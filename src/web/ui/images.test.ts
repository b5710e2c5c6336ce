import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imagesIn } from './images.ts'

const PNG = 'iVBORw0KGgo='
const shown = `data:image/png;base64,${PNG}`

const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    'a block with its source',
    { c: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }] },
    [shown],
  ],
  ['a block of its own', { type: 'image', data: PNG, mimeType: 'image/png' }, [shown]],
  ['a data address', { image_url: shown }, [shown]],
  ['the same picture twice', [{ u: shown }, { mimeType: 'image/png', data: PNG }], [shown]],
  ['an address', { image_url: 'https://example.org/cat.png' }, []],
  ['a drawing that could run', { mimeType: 'image/svg+xml', data: PNG }, []],
  ['a drawing that could run, as an address', { u: `data:image/svg+xml;base64,${PNG}` }, []],
  ['no base64', { mimeType: 'image/png', data: '"><script>' }, []],
  ['nothing', null, []],
]
for (const [what, raw, urls] of cases) test(`pictures in ${what}`, () => assert.deepEqual(imagesIn(raw), urls))
