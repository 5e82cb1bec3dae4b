/** A link to the newest of the files that a process writes one after another, for `tail -F`. */
import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/**
 * Replaces the link in one step, so that a reader always finds it. What stands there and is no link to one of our files is left as it is.
 * @param writer tells the processes and threads apart that do this at once
 * @param isOurs whether the target of the link that is there, as it was written, is one of our files
 */
export function linkNewest(file: string, link: string, writer: string, isOurs: (target: string) => boolean): void {
  const draft = `${link}.${writer}.new`
  try {
    if (lstatSync(link, { throwIfNoEntry: false }) && !isOurLink(link, isOurs)) return
    rmSync(draft, { force: true })
    symlinkSync(path.relative(path.dirname(link), file), draft)
    renameSync(draft, link)
  } catch {
    // a convenience, which some file systems do not have
  }
}

/** Takes such a link away, where it once had another name. */
export function removeLink(link: string, isOurs: (target: string) => boolean): void {
  try {
    if (isOurLink(link, isOurs)) rmSync(link)
  } catch {
    // somebody else did, or the folder is read only
  }
}

const isOurLink = (link: string, isOurs: (target: string) => boolean): boolean =>
  lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true && isOurs(readlinkSync(link))
