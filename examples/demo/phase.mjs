// Says how each phase of the demo went. Called by demo.mjs and main.ts.

/** The phase has said why. */
export class Failed extends Error {}

let interrupted = false

/** Whoever ends the demo knows why; what then fails is not said. */
export function interrupt() {
  interrupted = true
}

/**
 * @template {{ said: string }} T
 * @param {string} name
 * @param {() => Promise<T>} work its error says why and what to do
 * @returns {Promise<T>}
 */
export async function phase(name, work) {
  try {
    const result = await work()
    console.log(`ok ${name}: ${oneLine(result.said)}`)
    return result
  } catch (error) {
    if (!interrupted) console.log(`FAILED ${name}: ${oneLine(error instanceof Error ? error.message : String(error))}`)
    throw new Failed(name)
  }
}

/** @param {string} text */
const oneLine = text => text.trim().replace(/\s*\n\s*/g, ' | ')
