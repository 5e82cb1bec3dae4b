// What the settings file changes of the pipeline's table. Read by every command that needs the table.
import { parse } from 'yaml'
import { readSettingsFile } from '../shared/config/file'

/**
 * What stands under `pipeline`, for `planOf`; undefined when there is no file, or nothing there.
 * @throws Error with the path, the reason and the remedy when the file can't be read
 */
export function pipelineSettings(cwd: string = process.cwd()): unknown {
  return readSettingsFile(process.env.AFN_CONFIG || undefined, cwd, parse)?.values.pipeline
}
