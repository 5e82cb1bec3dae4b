// `afn-otel pseudonym [--type TYPE] [--key-file FILE]… VALUE`: what stands in the stores for a person's e-mail address or
// number, under today's key and under those before it.
import { parseArgs } from 'node:util'
import { hmacOf, keyIdOf } from '../shared/config/hmac-key'
import { createRedactor } from '../shared/redact'
import { isMask, type Tag, TYPE_NAME } from '../shared/redact/mask'
import { createMasker } from '../shared/redact/modes'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { keysOf } from './pseudonym-keys'
import { readSettings } from './read-settings'

export const options = {
  type: {
    type: 'string',
    help: 'type of value, if its format does not show it, such as NAME; REDACTED for a user.id replaced by AFN_PSEUDONYMIZE_USER_ID',
  },
  'key-file': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'FILE',
    help: 'also uses an earlier key; can be repeated',
  },
} as const satisfies Options

const help = `Usage: afn-otel pseudonym VALUE [--type TYPE] [--key-file FILE]…

Prints the pseudonym that replaces a person's e-mail address, number or id in the stores, so that you can look the person up:
one line per key, with the key id and the pseudonym. The key is AFN_HMAC_KEY or AFN_HMAC_KEY_FILE, the same as in your apps.

${optionLines(options)}

Exit codes: 0 done; 1 no key, or unknown type of value; 2 usage error.`

/**
 * Prints a line for each key: its id, as in `afn.redaction.key_id`, and the pseudonym.
 * @returns the exit code, as `help` says
 */
export async function pseudonym(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const [value, more] = positionals
  if (value === undefined || more !== undefined) throw new Error('pseudonym needs one value')
  const { type } = values
  if (type !== undefined && !new RegExp(`^${TYPE_NAME}$`).test(type))
    throw new Error(`invalid type "${type}"; types are in capital letters, such as NAME`)
  const keys = keysOf(readSettings(), values['key-file'])
  if (keys.length === 0) return refuse('no key: set AFN_HMAC_KEY, AFN_HMAC_KEY_FILE or --key-file')
  for (const key of keys) {
    const found = pseudonymOf(value, type, hmacOf(key))
    if (found === undefined) return refuse('unknown type of value; set --type, such as NAME')
    console.log(`${keyIdOf(key)} ${found}`)
  }
  return 0
}

/** @param type default: what the detectors make of the value */
function pseudonymOf(value: string, type: string | undefined, hmac: (text: string) => string): string | undefined {
  if (type !== undefined) {
    return createMasker({ mode: 'pseudonym', types: { [type]: 'pseudonym' }, hmac })(type as Tag, value)
  }
  const found = createRedactor({ mode: 'pseudonym', hmac }).text(value)
  return isMask(found) ? found : undefined
}

function refuse(why: string): number {
  console.error(`afn-otel: ${why}`)
  return 1
}
