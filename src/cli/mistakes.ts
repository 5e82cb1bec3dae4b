// A mistake in a file, as commands print it.
import type { Mistake } from '../shared/config/checked-file'
import { plainText } from './terminal'

/**
 * @param file as the user named it
 * @param kind such as `note: `, before the message
 * @returns FILE:LINE:COLUMN and the message, as editors and CI make a link of it
 */
export const lineOf = (file: string, { line, column, message }: Mistake, kind = ''): string =>
  plainText(`${file}:${line}:${column} ${kind}${message}`)
