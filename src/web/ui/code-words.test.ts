import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codeSpans } from './code-words.ts'

test('words are told apart, those inside others too, and what has no meaning here is plain', () => {
  assert.deepEqual(
    codeSpans(
      '<span class="hljs-keyword">return</span> <span class="hljs-string">f&quot;x<span class="hljs-subst">{<span class="hljs-number">1</span>}</span>&quot;</span>',
    ),
    [
      { text: 'return', as: 'keyword' },
      { text: ' ', as: null },
      { text: 'f"x{', as: 'string' },
      { text: '1', as: 'number' },
      { text: '}"', as: 'string' },
    ],
  )
})

test('no letter of the code is lost or becomes markup', () => {
  const escaped = (text: string) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#x27;')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', ';', ' ', '\n', 'span') }), (code) => {
      const markup = `<span class="hljs-string">${escaped(code)}</span>`
      assert.equal(
        codeSpans(markup)
          .map(({ text }) => text)
          .join(''),
        code,
      )
    }),
  )
})
