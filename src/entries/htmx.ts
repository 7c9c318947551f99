import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The admin pages' script as it lies in the package: on Node it is read, on Workers it is bundled (wrangler.toml). */
export function readHtmx(): Promise<string> {
  return readFile(fileURLToPath(import.meta.resolve('htmx.org/dist/htmx.min.js')), 'utf8')
}
