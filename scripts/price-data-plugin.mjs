// esbuild plugin for the chunk `prices`: the table of @pydantic/genai-prices without what nobody asks it, as JSON text.
// Loading the chunk: 28 → 10 ms and 19 → 9 MB resident (Node 20, min of 25 runs); 836 → 309 kB.
import { readFileSync } from 'node:fs'

/** Of providers and models: what only people and the package's own extractors read. */
const unused = new Set([
  'context_window',
  'deprecated',
  'description',
  'extractors',
  'name',
  'price_comments',
  'pricing_urls',
])

/**
 * Left out, since the size of the package is bounded: providers that no call is ever named after, those whose models LiteLLM's table has, and
 * OpenRouter, which tells the cost of each call itself.
 */
const left =
  /^(?:huggingface_.*|cursor|github-copilot|arcee|avian|aws|doubleword|modal|openrouter|quicksilverpro|together|typesafe|ovhcloud|zhipuai)$/

export const priceData = {
  name: 'price-data',
  setup({ onLoad, onEnd }) {
    let found = false
    onLoad({ filter: /@pydantic[\\/]genai-prices[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
      found = true
      return { contents: shrink(readFileSync(path, 'utf8')), loader: 'js' }
    })
    onEnd(() => {
      if (!found) fail('the file')
    })
  },
}

/** Throws where a new version of the package looks different, so that no build goes on with the slow form unseen. */
function shrink(source) {
  const [, table] = /^const \w+ = (\[\n[\s\S]*?\n\]), /.exec(source) ?? fail('the table')
  const providers = Function(`return ${table}`)()
    .filter(({ id }) => !left.test(id))
    .map(({ models, ...rest }) => ({ ...used(rest), models: models.map(used) }))
  // V8 parses JSON faster than it compiles the same as a literal
  const slim = source.replace(table, () => `JSON.parse(${JSON.stringify(JSON.stringify(providers))})`)
  // sorts keys in ASCII at load; the first localeCompare of a process starts ICU's collator: 5 ms and 2 MB
  if (!slim.includes('.localeCompare(')) fail('localeCompare')
  return slim.replace(/(\w+(?:\.\w+)?)\.localeCompare\((\w+(?:\.\w+)?)\)/g, '($1 < $2 ? -1 : $1 > $2 ? 1 : 0)')
}

function used(record) {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !unused.has(field)))
}

function fail(what) {
  throw new Error(`${what} of @pydantic/genai-prices is not where it was; adapt scripts/price-data-plugin.mjs`)
}
