/** The locations of the request folder and the request key. */
import type { Settings } from '../../shared/config/settings'

type Places = Pick<Settings, 'gdprDir' | 'gdprKey'>

/** @throws Error if no setting names the request folder */
export function stateFolderOf({ gdprDir }: Places, named: string | undefined): string {
  return needed(named ?? gdprDir, 'the request folder is not set; set AFN_GDPR_DIR, or pass --state DIR')
}

/** @throws Error if no setting names the key file */
export function keyFileOf({ gdprKey }: Places, named: string | undefined): string {
  return needed(named ?? gdprKey, 'the request key is not set; set AFN_GDPR_KEY, or pass --key FILE')
}

function needed(value: string | undefined, problem: string): string {
  if (!value) throw new Error(problem)
  return value
}
