// What an app gets of a call that was not sent.

/**
 * The error, as the rejection of fetch. The clients made with Stainless (OpenAI, Anthropic, Groq, Together …) repeat every request of
 * which fetch rejects, after a wait, and throw an error of theirs in the end. They throw on what fails while they read an answer:
 * such a client gets an answer that does, with the error itself.
 */
export function refused(error: Error, countsRetries: boolean): Response {
  if (!countsRetries) throw error
  return new Proxy(new Response(null, { status: 402 }), {
    get(_, name) {
      // a promise looks whether what it resolves with is another one
      if (name === 'then') return undefined
      throw error
    },
  })
}
