// `afn-otel gdpr suppress`: the list of persons who objected (GDPR Art. 18 and 21), which apps, pages and Collectors read.
import { parseArgs } from 'node:util'
import type { Settings } from '../../config/settings'
import { replaceFile } from '../../files/replace-file'
import { exactValues } from '../../gdpr/names'
import { BadSubject, identityOf, parseSubject } from '../../gdpr/subject'
import { suppressionOverlay } from '../../pipeline/suppression'
import { handlesBy, type SuppressionList } from '../../suppress/list'
import { changeListFile, PUBLIC, readListFile } from '../../suppress/list-file'
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
    help: 'the person, such as user.id=17 or email=bob@example.com; may be given several times. With "-", a line of stdin each',
  },
  lift: { type: 'boolean', default: false, help: 'takes the person off the list again' },
  list: { type: 'string', argument: 'FILE', help: 'the list', otherwise: 'AFN_SUPPRESSION_LIST' },
  'key-file': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'FILE',
    help: 'an earlier key of pseudonyms: senders that still use it are to be known too; may be given several times',
  },
  proof: { type: 'string', argument: 'TEXT', help: 'who asked, for the audit log: a number of a ticket, not a name' },
  collector: {
    type: 'string',
    argument: 'FILE',
    help: 'writes processors for a Collector, too: they drop what senders without our SDK say of persons on the list',
  },
  pipelines: {
    type: 'string',
    argument: 'own|none',
    default: 'own',
    help: 'of --collector: own lays them into the pipelines of otel-collector.yaml of this package; with none, your configuration names them',
  },
} as const satisfies Options

const help = `Usage: afn-otel gdpr suppress [--subject KIND=ID]… [--lift] [OPTIONS]

Puts a person on the list of those who objected. Processes that read the list (AFN_SUPPRESSION_LIST) let no span and no log record
leave any more that names the person, or is in a trace or session of this person alone. Without --subject it says how many ids are
on the list; whose they are it does not say, since the list has keyed HMACs alone. The key is AFN_SUPPRESSION_KEY_FILE, else that of
the pseudonyms, AFN_HMAC_KEY or AFN_HMAC_KEY_FILE; apps need the same.

${optionLines(options)}

With AFN_AUDIT_DIR and AFN_AUDIT_KEYS each change is on record there, without the person.

Exit codes: 0 done; 1 the list, a key or the audit log can't be used; 2 the command is not right.`

/** @returns the exit code, as `help` says */
export async function suppress(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const settings = readSettings()
  const file = listFileOf(settings, values.list)
  const isOurs = namesOwn(values.pipelines)
  const identifiers = values.subject.length > 0 ? parseSubject(subjectsIn(values.subject)) : undefined
  if (!identifiers && values.lift) throw new Error('suppress --lift takes the person by --subject')
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
  if (!file) throw new Error('where the list is, is not known; set AFN_SUPPRESSION_LIST, or give --list FILE')
  if (/^https?:/i.test(file)) throw new Error('AFN_SUPPRESSION_LIST is a URL; give the file behind it by --list FILE')
  return file
}

function listKeyOf(settings: Settings): string {
  if (settings.suppressionKeyFile) return readKey(settings.suppressionKeyFile)
  const [key] = keysOf(settings, [])
  if (key === undefined)
    throw new Error('there is no key: set AFN_SUPPRESSION_KEY_FILE, or AFN_HMAC_KEY or AFN_HMAC_KEY_FILE')
  return key
}

/** @throws Error for a word that is neither of the two */
function namesOwn(pipelines: string): boolean {
  if (pipelines !== 'own' && pipelines !== 'none')
    throw new Error(`--pipelines is one of own, none, not "${pipelines}"`)
  return pipelines === 'own'
}
