// What set-up says: one line on stderr for each piece of work, and errors in a sentence that says what to do.

// An error whose message is all the user needs; its stack would only hide it.
export class UserError extends Error {
  forUser = true
}

export const say = (text) => process.stderr.write(`openstory: ${text}\n`)

// A line before, because it takes a while, and its time after.
export async function step(what, work) {
  const started = Date.now()
  say(`${what} …`)
  const result = await work()
  say(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  return result
}

// For a command's main: the sentence for a UserError, the stack for the rest, and exit code 1.
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0
  } catch (error) {
    say(error.forUser ? error.message : error.stack)
    process.exitCode = 1
  }
}
