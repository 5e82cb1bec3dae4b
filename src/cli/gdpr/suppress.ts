// `afn-otel gdpr suppress`: the list of persons who objected (GDPR Art. 18 and 21), which apps, pages and Collectors read.
import { parseArgs } from 'node:util'
import { handlesBy, type SuppressionList } from '../../app/suppress/list'
import { changeListFile, PUBLIC, readListFile } from '../../app/suppress/list-file'
import { exactValues } from '../../operations/gdpr/person-attributes'
import { BadSubject, identityOf, parseSubject } from '../../operations/gdpr/subject'
import { suppressionOverlay } from '../../pipeline/deployment/suppression'
import type { Settings } from '../../shared/config/settings'
import { replaceFile } from '../../shared/files/replace-file'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { keysOf, readKey } from '../pseudonym-keys'
import { readSettings } from '../read-settings'
import { actor, openAudit, subjectsIn } from './inputs'

export const options = {
  subject: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'KIND=ID',
    help: 'the person, such as user.id=17 or email=bob@example.com; can be repeated. "-" reads one per line from stdin',
  },
  lift: { type: 'boolean', default: false, help: 'removes the person from the list' },
  list: { type: 'string', argument: 'FILE', help: 'the list', otherwise: 'AFN_SUPPRESSION_LIST' },
  'key-file': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'FILE',
    help: 'an earlier pseudonym key that some senders still use; can be repeated',
  },
  proof: { type: 'string', argument: 'TEXT', help: 'who asked, for the audit log: a ticket number, not a name' },
  collector: {
    type: 'string',
    argument: 'FILE',
    help: 'also writes Collector processors that drop data about people on the list from senders without our SDK',
  },
  pipelines: {
    type: 'string',
    argument: 'own|none',
    default: 'own',
    help: 'with --collector: own adds them to the pipelines in our otel-collector.yaml; with none, reference them in your own configuration',
  },
} as const satisfies Options

const help = `Usage: afn-otel gdpr suppress [--subject KIND=ID]… [--lift] [OPTIONS]

Adds a person to the suppression list. Processes that read the list (AFN_SUPPRESSION_LIST) drop all spans and log records that name
the person, or belong to a trace or session of this person alone. Without --subject, prints the number of ids on the list; it
can't show whose they are, because the list contains only keyed HMACs. The key is AFN_SUPPRESSION_KEY_FILE, else the pseudonym
key, AFN_HMAC_KEY or AFN_HMAC_KEY_FILE; apps need the same key.

${optionLines(options)}

With AFN_AUDIT_DIR and AFN_AUDIT_KEYS, the audit log records each change, without the person.

Exit codes: 0 done; 1 the list, a key or the audit log can't be used; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function suppress(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const settings = readSettings()
  const file = listFileOf(settings, values.list)
  const isOurs = namesOwn(values.pipelines)
  const identifiers = values.subject.length > 0 ? parseSubject(subjectsIn(values.subject)) : undefined
  if (!identifiers && values.lift) throw new Error('suppress --lift requires --subject')
  try {
    const key = listKeyOf(settings)
    const pseudonyms = keysOf(settings, values['key-file'])
    let list: SuppressionList
    if (identifiers) {
      const handles = exactValues(identityOf(identifiers, pseudonyms)).map(handlesBy(key))
      const audit = openAudit(settings)
      try {
        // on record before it is done: an entry too many is better than one that is missing
        await audit?.log.record({
          action: values.lift ? 'gdpr.suppress.lifted' : 'gdpr.suppress.added',
          actor: actor(),
          details: values.proof === undefined ? {} : { proof: values.proof },
        })
        list = await changeListFile(file, key, known => {
          for (const handle of handles) {
            if (values.lift) known.delete(handle)
            else known.add(handle)
          }
        })
      } finally {
        audit?.log.close()
      }
    } else list = readListFile(file, key)
    if (values.collector !== undefined) {
      const keyVariable = settings.suppressionKeyFile === undefined ? 'AFN_HMAC_KEY' : 'AFN_SUPPRESSION_KEY'
      replaceFile(values.collector, suppressionOverlay({ handles: list.handles, keyVariable }, isOurs), PUBLIC)
    }
    console.log(`${file}: ${list.handles.size} ids, key ${list.keyId}`)
    return 0
  } catch (error) {
    if (error instanceof BadSubject) throw error
    console.error(`afn-otel gdpr suppress: ${(error as Error).message}`)
    return 1
  }
}

function listFileOf({ suppressionList }: Settings, named: string | undefined): string {
  const file = named ?? suppressionList
  if (!file) throw new Error('no suppression list specified; set AFN_SUPPRESSION_LIST or --list FILE')
  if (/^https?:/i.test(file)) throw new Error('AFN_SUPPRESSION_LIST is a URL; specify its file with --list FILE')
  return file
}

function listKeyOf(settings: Settings): string {
  if (settings.suppressionKeyFile) return readKey(settings.suppressionKeyFile)
  const [key] = keysOf(settings, [])
  if (key === undefined) throw new Error('no key: set AFN_SUPPRESSION_KEY_FILE, AFN_HMAC_KEY or AFN_HMAC_KEY_FILE')
  return key
}

/** @throws Error for a word that is neither of the two */
function namesOwn(pipelines: string): boolean {
  if (pipelines !== 'own' && pipelines !== 'none') throw new Error(`--pipelines takes own or none, not "${pipelines}"`)
  return pipelines === 'own'
}
