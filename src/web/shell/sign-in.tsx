// A server that others may reach asks for its token; this is where a person gives it.
import { type FormEvent, useState } from 'react'
import { signIn } from '../state/sign-in.ts'
import { Notice } from '../ui/bits.tsx'

export function SignIn() {
  const [token, setToken] = useState('')
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setTrouble(await signIn(token))
    setBusy(false)
  }
  return (
    <main className="sign-in">
      <h1 className="wordmark">
        Open<em>Story</em>
      </h1>
      <Notice isAlone title="This record asks for its token.">
        <p>
          It is on the terminal where OpenStory was started, or in the file <code>token</code> of its data folder. This
          browser keeps no token, only a cookie for this server.
        </p>
        <form onSubmit={submit}>
          <label htmlFor="token">Token</label>
          <input
            id="token"
            type="password"
            autoComplete="current-password"
            required
            value={token}
            aria-invalid={trouble !== null}
            aria-describedby={trouble === null ? undefined : 'token-trouble'}
            onChange={(event) => setToken(event.target.value)}
          />
          <button type="submit" className="plain" disabled={isBusy}>
            Sign in
          </button>
        </form>
        {trouble !== null && (
          <p className="aside bad" id="token-trouble" role="alert">
            {trouble}
          </p>
        )}
      </Notice>
    </main>
  )
}
