// The forms of secrets, one line a kind, from the public documentation of those who give them out. A form is a mark, what may stand
// between the mark and the secret, and the characters the secret is made of. To add one: its line here, its example in secrets.test.ts.

export interface Form {
  readonly marks: readonly string[]
  readonly label: string | null // null: what is around it says what it is
  readonly body: RegExp // sticky; what is hidden
  readonly min: number // characters; with fewer it is one only where the text was cut off in the middle of it
  readonly before?: RegExp // sticky; shown
  readonly alone?: false // the mark may stand inside a word
  readonly isOne?: (body: string) => boolean
}

const WORD = /[A-Za-z0-9]+/y
const WORDY = /[\w-]+/y
const DOTTED = /[\w.-]*\w/y
const HEX = /[0-9a-f]+/y
const BASE64 = /[A-Za-z0-9+/]+={0,2}/y

const of = (label: string, marks: string, body: RegExp, min: number): Form => ({
  label,
  marks: marks.split(' '),
  body,
  min,
})

// What fills the place of a password in examples and scripts: a variable, a placeholder, what was masked already.
const isFilled = (word: string): boolean => !/^(?:[$<{[(*•%]|\.\.\.|…)/.test(word)

export const FORMS: readonly Form[] = [
  of('AWS access key', 'AKIA ASIA', /[A-Z0-9]+/y, 16),
  {
    label: 'AWS secret key',
    marks: ['cret_access_key', 'cretAccessKey', 'CRET_ACCESS_KEY'],
    before: /\\?["']?\s*[:=]\s*\\?["']?/y,
    body: BASE64,
    min: 40,
    alone: false,
  },
  of('GitHub token', 'ghp_ gho_ ghu_ ghr_', WORD, 36),
  of('GitHub token', 'ghs_', DOTTED, 36),
  of('GitHub token', 'github_pat_', /\w+/y, 82),
  of('GitLab token', 'glpat- gldt- glrt- glptt- glft- glimt- glagent- gloas- glcbt- glffct-', DOTTED, 20),
  of('Anthropic key', 'sk-ant-', WORDY, 24),
  of('OpenAI key', 'sk-proj- sk-svcacct- sk-admin-', WORDY, 24),
  of('OpenRouter key', 'sk-or-v1-', HEX, 64),
  of('API key', 'sk-', WORD, 32),
  of('Stripe key', 'sk_live_ sk_test_ rk_live_ rk_test_', WORD, 16),
  of('Stripe webhook secret', 'whsec_', /[A-Za-z0-9+/]+/y, 24),
  of('Slack token', 'xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe.xoxp- xoxe.xoxb- xoxc- xoxd- xapp-', /[\w%-]+/y, 20),
  { ...of('Slack webhook', 'hooks.slack.com/services/', /[\w/]+/y, 30), alone: false },
  { ...of('Discord webhook', '/api/webhooks/', WORDY, 60), before: /\d+\//y, alone: false },
  of('Google API key', 'AIza', WORDY, 35),
  of('Google access token', 'ya29.', WORDY, 30),
  of('Google client secret', 'GOCSPX-', WORDY, 28),
  of('npm token', 'npm_', WORD, 36),
  of('PyPI token', 'pypi-AgE', WORDY, 50),
  of('RubyGems key', 'rubygems_', HEX, 48),
  of('Docker token', 'dckr_pat_ dckr_oat_', WORDY, 27),
  of('Hugging Face token', 'hf_', WORD, 34),
  of('Groq key', 'gsk_', WORD, 40),
  of('xAI key', 'xai-', WORD, 60),
  of('Perplexity key', 'pplx-', WORD, 40),
  of('Replicate token', 'r8_', WORD, 37),
  of('SendGrid key', 'SG.', DOTTED, 60),
  of('Mailgun key', 'key-', HEX, 32),
  of('DigitalOcean token', 'dop_v1_ doo_v1_ dor_v1_', HEX, 64),
  of('Shopify token', 'shpat_ shpca_ shppa_ shpss_', /[0-9A-Fa-f]+/y, 32),
  of('Linear key', 'lin_api_', WORD, 40),
  of('Notion token', 'ntn_', WORD, 40),
  of('Figma token', 'figd_', WORDY, 40),
  of('Atlassian token', 'ATATT3 ATCTT3', /[\w=-]+/y, 100),
  of('Databricks token', 'dapi', /[0-9a-f]+(?:-\d)?/y, 32),
  of('Vault token', 'hvs. hvb.', WORDY, 24),
  of('Grafana token', 'glsa_ glc_', /[\w=+/]+/y, 32),
  of('Supabase key', 'sbp_ sb_secret_', WORDY, 30),
  of('Netlify token', 'nfp_', WORD, 36),
  of('Heroku key', 'HRKU-', WORDY, 36),
  of('New Relic key', 'NRAK-', WORD, 27),
  of('Postman key', 'PMAK-', /[0-9a-f-]+/y, 59),
  of('Sentry token', 'sntrys_ sntryu_', /[\w=+/]+/y, 40),
  of('Square secret', 'sq0csp-', WORDY, 43),
  of('age key', 'AGE-SECRET-KEY-1', /[0-9A-Z]+/y, 58),
  of('OpenStory token', 'ost_', WORDY, 43),
  { ...of('storage key', 'AccountKey=', BASE64, 86), alone: false },
  // Its header says nothing secret; what it grants stands in the two parts behind.
  { ...of('token', 'eyJ', /eyJ[\w-]+(?:\.[\w-]*)?/y, 10), before: /[\w-]{6,2000}\./y },
  {
    label: 'key',
    marks: ['-----BEGIN '],
    before: /[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/y,
    // To its end, or as far as what follows is of a key: decorated by line numbers or escapes, its end cut off.
    body: /(?:(?!-----BEGIN)[\s\S]){0,20000}?(?=-----END )|(?:\s|\\+[nrt]|\d+→|["'`+>|,])*[A-Za-z0-9+/=]{16}(?:[A-Za-z0-9+/=:→]|\s(?=[A-Za-z0-9+/=:→\s]{3})|\\+[nrt]|["'`+>|,-](?=["'`+\s]))*/y,
    min: 16,
    alone: false,
  },
  {
    label: 'in a header',
    marks: ['uthorization', 'UTHORIZATION'],
    before: /\\?["']?\s*[:=]\s*\\?["']?(?:Bearer|bearer|Basic|basic|token|Token)\s+/y,
    body: /[\w.~+/=-]+/y,
    min: 12,
    alone: false,
  },
  {
    label: null,
    marks: ['://'],
    before: /[^\s/:@"'`<>()\\,;]*:/y,
    // Behind it stands a host; where the text ends first, it is at least no port.
    body: /[^\s/@"'`<>\\]+(?=@[\w[])|(?!\d+(?:$|…))[^\s/@"'`<>\\…]+(?=$|…)/y,
    min: 1,
    alone: false,
    isOne: isFilled,
  },
]
