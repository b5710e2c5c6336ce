// Each kind of secret as its vendor documents it, put together here so that no scanner of secrets trips over this file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FORMS } from './secret-forms.ts'
import { maskedJson, maskSecrets } from './secrets.ts'

const base62 = 'aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW'
const drawn = (length: number, from = base62): string => from.repeat(Math.ceil(length / from.length)).slice(0, length)
const hex = (length: number): string => drawn(length, '0a1b2c3d4e5f6789')
const capitals = (length: number): string => drawn(length, 'QW3ERT2YUIO4PASD')
const pem = (what: string) =>
  `-----BEGIN ${what}PRIVATE KEY-----\n${drawn(64)}\n${drawn(64)}\n${drawn(20)}==\n-----END ${what}PRIVATE KEY-----`

// What it is, what it begins with, what is hidden.
const kinds: readonly (readonly [string, string, string])[] = [
  ['AWS access key', 'AKIA', capitals(16)],
  ['AWS access key', 'ASIA', capitals(16)],
  ['AWS secret key', 'aws_secret_access_key = ', drawn(40)],
  ['AWS secret key', 'AWS_SECRET_ACCESS_KEY=', `${drawn(38)}/+`],
  ['AWS secret key', '"SecretAccessKey": "', drawn(40)],
  ['GitHub token', 'ghp_', drawn(36)],
  ['GitHub token', 'gho_', drawn(36)],
  ['GitHub token', 'ghu_', drawn(36)],
  ['GitHub token', 'ghs_', drawn(36)],
  ['GitHub token', 'ghr_', drawn(76)],
  ['GitHub token', 'github_pat_', `${drawn(22)}_${drawn(59)}`],
  ['GitLab token', 'glpat-', drawn(20)],
  ['GitLab token', 'glpat-', `${drawn(27)}.${drawn(2)}.${drawn(9)}`],
  ['GitLab token', 'glrt-', drawn(20)],
  ['Anthropic key', 'sk-ant-', `api03-${drawn(93)}AA`],
  ['Anthropic key', 'sk-ant-', `oat01-${drawn(93)}AA`],
  ['OpenAI key', 'sk-proj-', `${drawn(74)}T3BlbkFJ${drawn(74)}`],
  ['OpenAI key', 'sk-svcacct-', `${drawn(74)}T3BlbkFJ${drawn(74)}`],
  ['API key', 'sk-', `${drawn(20)}T3BlbkFJ${drawn(20)}`],
  ['API key', 'sk-', hex(32)],
  ['OpenRouter key', 'sk-or-v1-', hex(64)],
  ['Stripe key', 'sk_live_', drawn(24)],
  ['Stripe key', 'rk_test_', drawn(99)],
  ['Stripe webhook secret', 'whsec_', drawn(32)],
  ['Slack token', 'xoxb-', `123456789012-1234567890123-${drawn(24)}`],
  ['Slack token', 'xoxp-', `123456789012-123456789012-123456789012-${hex(32)}`],
  ['Slack token', 'xapp-', `1-A0123456789-1234567890123-${hex(64)}`],
  ['Slack webhook', 'https://hooks.slack.com/services/', `T0123456789/B0123456789/${drawn(24)}`],
  ['Discord webhook', 'https://discord.com/api/webhooks/123456789012345678/', drawn(68)],
  ['Google API key', 'AIza', `Sy${drawn(33)}`],
  ['Google access token', 'ya29.', `a0${drawn(120)}`],
  ['Google client secret', 'GOCSPX-', drawn(28)],
  ['npm token', 'npm_', drawn(36)],
  ['PyPI token', 'pypi-AgE', `IcHlwaS5vcmc${drawn(140)}`],
  ['RubyGems key', 'rubygems_', hex(48)],
  ['Docker token', 'dckr_pat_', drawn(27)],
  ['Hugging Face token', 'hf_', drawn(34)],
  ['Groq key', 'gsk_', drawn(52)],
  ['xAI key', 'xai-', drawn(80)],
  ['Perplexity key', 'pplx-', drawn(48)],
  ['Replicate token', 'r8_', drawn(37)],
  ['SendGrid key', 'SG.', `${drawn(22)}.${drawn(43)}`],
  ['Mailgun key', 'key-', hex(32)],
  ['DigitalOcean token', 'dop_v1_', hex(64)],
  ['Shopify token', 'shpat_', hex(32)],
  ['Linear key', 'lin_api_', drawn(40)],
  ['Notion token', 'ntn_', drawn(46)],
  ['Figma token', 'figd_', drawn(40)],
  ['Atlassian token', 'ATATT3', `xFfGF0${drawn(180)}=${hex(8)}`],
  ['Databricks token', 'dapi', hex(32)],
  ['Vault token', 'hvs.', drawn(95)],
  ['Grafana token', 'glsa_', `${drawn(32)}_${hex(8)}`],
  ['Supabase key', 'sbp_', hex(40)],
  ['Netlify token', 'nfp_', drawn(36)],
  ['Heroku key', 'HRKU-', `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
  ['New Relic key', 'NRAK-', capitals(27)],
  ['Postman key', 'PMAK-', `${hex(24)}-${hex(34)}`],
  ['Sentry token', 'sntrys_', `eyJ${drawn(80)}=_${drawn(43)}`],
  ['Square secret', 'sq0csp-', drawn(43)],
  ['age key', 'AGE-SECRET-KEY-1', capitals(58)],
  ['OpenStory token', 'ost_', drawn(43)],
  ['storage key', 'AccountKey=', `${drawn(86)}==`],
  ['token', `eyJ${drawn(17)}.`, `eyJ${drawn(60)}.${drawn(43)}`],
  ['in a header', 'Authorization: Bearer ', drawn(40)],
  ['in a header', '"authorization":"Basic ', 'ZGV2Omh1bnRlcjI='],
  ['in a header', '{\\"Authorization\\": \\"token ', drawn(40)],
]
for (const [label, begins, secret] of kinds)
  test(`a ${label} is masked: ${begins}`, () => {
    const shown = `${begins}•••• (${label})`
    const around: readonly (readonly [string, string])[] = [
      ['', ''],
      ['export TOKEN=', '\nnext line'],
      ['say "', '" and go on'],
      ['{"out":"a\\n', '\\n"}'],
      ['?a=1&t%3D', '&b'],
      ['(', ').'],
    ]
    for (const [before, behind] of around)
      assert.equal(maskSecrets(before + begins + secret + behind), before + shown + behind)
    assert.equal(maskSecrets(shown), shown)
  })

test('every kind that is known has an example', () => {
  const shown = new Set(kinds.map(([label]) => label))
  const without = FORMS.map(({ label }) => label).filter(
    (label) => label !== null && label !== 'key' && !shown.has(label),
  )
  assert.deepEqual(without, [])
})

test('a private key is masked from its beginning to its end, whole or cut, plain or escaped', () => {
  for (const what of ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ']) {
    const key = pem(what)
    const head = `-----BEGIN ${what}PRIVATE KEY-----`
    const tail = `-----END ${what}PRIVATE KEY-----`
    assert.equal(maskSecrets(`a\n${key}\nb`), `a\n${head}•••• (key)${tail}\nb`)
    const json = JSON.stringify({ key })
    assert.deepEqual(JSON.parse(maskSecrets(json)), { key: `${head}•••• (key)${tail}` })
    const numbered = key.replace(/^/gm, '     1→')
    assert.ok(!maskSecrets(numbered).includes(drawn(16)))
    for (const cut of [60, 90, 130]) assert.ok(!maskSecrets(key.slice(0, cut)).includes(drawn(16)), `${cut}`)
    assert.ok(!maskSecrets(numbered.slice(0, 100)).includes(drawn(16)))
  }
  const told = `it looks for "-----BEGIN PRIVATE KEY-----" in the file and says no where it finds any of them there`
  assert.equal(maskSecrets(told), told)
})

const urls: readonly (readonly [string, string])[] = [
  ['postgres://dev:hunter2@db.example/app', 'postgres://dev:••••@db.example/app'],
  ['redis://:hunter2@127.0.0.1:6379', 'redis://:••••@127.0.0.1:6379'],
  ['cut off: postgres://dev:hunt', 'cut off: postgres://dev:••••'],
  [
    'git clone https://x:abc@example.org/a.git and https://y:def@[::1]/',
    'git clone https://x:••••@example.org/a.git and https://y:••••@[::1]/',
  ],
]
for (const [text, shown] of urls)
  test(`a password in an address is masked: ${shown}`, () => assert.equal(maskSecrets(text), shown))

const plain: readonly (readonly [string, string])[] = [
  [
    'an address without a password',
    'see http://localhost:3002/a@b and https://example.org:8443/x, mail dev@example.org',
  ],
  [
    'a variable for a password',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    'postgres://$USER:$PASS@db and postgres://u:${PASS}@db and https://u:<password>@db and u:%s@',
  ],
  [
    'words that begin alike',
    'task-list npm_package_version hf_hub sk-learn key-value ghp_ xai-grok risk-free-of-any-charge-that-anybody-knows',
  ],
  ['a mark in the middle of a word', `desk-${drawn(40)} my_hf_${drawn(40)}`],
  ['a hash, a uuid and an id of ours', `${hex(40)} 1b4e28ba-2fa1-11d2-883f-0016d3cca427 ${hex(32)}`],
  ['a header whose value is a variable', 'curl -H "Authorization: Bearer $TOKEN" and Authorization: Bearer <token>'],
  ['an address at the end', 'open http://localhost:3002'],
  ['talk about tokens', 'GitHub tokens begin with ghp_ or github_pat_ and have 36 characters'],
  ['Markdown and code', 'const next = seq + 1 // sk-, eyJ\n```ts\nconst eyJ = 1\n```'],
]
for (const [what, text] of plain) test(`${what} stays as it is`, () => assert.equal(maskSecrets(text), text))

test('a secret that was cut off with its text is masked as well', () => {
  const whole = `${'gh' + 'p_'}${drawn(36)}`
  for (const length of [12, 20, 39]) {
    assert.equal(maskSecrets(`use ${whole.slice(0, length)}`), 'use ghp_•••• (GitHub token)')
    assert.equal(maskSecrets(`use ${whole.slice(0, length)}… or`), 'use ghp_•••• (GitHub token)… or')
    assert.deepEqual(JSON.parse(maskedJson({ a: [`use ${whole.slice(0, length)}`] })), {
      a: ['use ghp_•••• (GitHub token)'],
    })
  }
})

test('several in one text are masked each by its own name', () => {
  const text = `a ${'AK' + 'IA'}${capitals(16)}, ${'npm' + '_'}${drawn(36)} and postgres://u:p@h`
  assert.equal(maskSecrets(text), 'a AKIA•••• (AWS access key), npm_•••• (npm token) and postgres://u:••••@h')
})

test('JSON keeps its shape: values and keys are masked, all else is as it was', () => {
  const token = `${'gh' + 'p_'}${drawn(36)}`
  const value = { n: 1, url: 'http://localhost:3002', deep: [{ [token]: `x ${token}`, ok: null }] }
  assert.deepEqual(JSON.parse(maskedJson(value)), {
    n: 1,
    url: 'http://localhost:3002',
    deep: [{ 'ghp_•••• (GitHub token)': 'x ghp_•••• (GitHub token)', ok: null }],
  })
  const harmless = { a: ['b', { c: 1 }], url: 'http://localhost:3002/x' }
  assert.equal(maskedJson(harmless), JSON.stringify(harmless))
  assert.equal(maskedJson(harmless, 2), JSON.stringify(harmless, null, 2))
})

const wild = fc.string({ unit: fc.constantFrom(...'aZ09_-. \n"\\/:@=…→'), maxLength: 60 })
test('whatever stands around it, no whole secret comes through, and masking twice is masking once', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), wild, wild, ([, begins, secret], before, behind) => {
      const text = `${before} ${begins}${secret} ${behind}`
      const once = maskSecrets(text)
      assert.ok(!once.includes(secret), once)
      assert.equal(maskSecrets(once), once)
    }),
    { numRuns: 3_000 },
  )
})

test('what looks like the beginning of a secret over and over is read once, not once for each beginning', () => {
  // With a reading of the rest at each of them these would take minutes.
  for (const piece of [
    'eyJ',
    'eyJ-',
    '://',
    '://a',
    'sk-',
    'x sk-',
    '-----BEGIN ',
    'Authorization: ',
    'hf_ ',
    '\\\\',
    '1\n',
  ])
    assert.equal(maskSecrets(piece.repeat(20_000)), piece.repeat(20_000))
  for (const piece of ['://a:', '-----BEGIN PRIVATE KEY-----', 'Authorization: Bearer ', 'AKIA', 'ghs_.-'])
    assert.ok(maskSecrets(piece.repeat(20_000)).length > 0)
})
