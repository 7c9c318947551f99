import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Folder of the shared test inputs, beside the project; undefined (with a notice) where they were not delivered. */
export const corpora: URL | undefined = (() => {
  const folder = new URL('../../shared/corpora/', import.meta.url)
  if (existsSync(folder)) return folder
  console.info('../shared/corpora is absent: tests that read it have nothing to check')
  return undefined
})()

export type HostileInput = { id: string; in: unknown; expect: string }

/** The hostile inputs of one class (A e-mail, B text, C tokens …), long values and bytes spelt out; [] when absent. */
export const inputs = (classLetter: string): HostileInput[] => {
  if (corpora === undefined) return []
  const folder = new URL('inputs/', corpora)
  const name = readdirSync(folder).find((file) => file.startsWith(`${classLetter}-`))
  if (name === undefined) throw new Error(`no class ${classLetter} among the hostile inputs`)
  return readFileSync(new URL(name, folder), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { id, in: value, expect } = JSON.parse(line) as HostileInput
      return { id, in: spellOut(value), expect }
    })
}

const spellOut = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(spellOut)
  if (typeof value !== 'object' || value === null) return value
  const { $rep, $cat, $b64 } = value as { $rep?: [unknown, number]; $cat?: unknown[]; $b64?: string }
  if ($rep !== undefined) return String(spellOut($rep[0])).repeat($rep[1])
  if ($cat !== undefined) return $cat.map((part) => String(spellOut(part))).join('')
  if ($b64 !== undefined) return new Uint8Array(Buffer.from($b64, 'base64'))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spellOut(inner)]))
}
