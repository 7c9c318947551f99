import { randomBytes } from 'node:crypto'
import { link, open, readFile, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeFolder, refuse } from './refusal.ts'

type Env = Record<string, string | undefined>

/** Secrets are made once and kept beside the database; a sample company signs until a real one is named. */
export async function embeddedDefaults(folder: string, env: Env): Promise<Env> {
  await makeFolder(folder, 'DATABASE_URL')
  const sample = {
    COMPANY_NAME: 'Esimerkki Oy',
    COMPANY_BUSINESS_ID: '1234567-1',
    COMPANY_ADDRESS: 'Esimerkkikatu 1, 00100 Helsinki',
  }
  if (env['SECRETS']) return sample
  const file = path.join(folder, 'secrets')
  const kept = await readFile(file, 'utf8').catch(() => null)
  return { ...sample, SECRETS: (kept ?? (await keepSecret(folder, file).catch(refuse))).trim() }
}

/** On the disk before anything is signed or hashed with it: a power cut must not part bans from their key. First come, first kept. */
async function keepSecret(folder: string, file: string): Promise<string> {
  const part = `${file}.${process.pid}`
  await writeFile(part, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
  await link(part, file).catch((error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? undefined : refuse(error)))
  await unlink(part)
  const directory = await open(folder)
  await directory.sync()
  await directory.close()
  return readFile(file, 'utf8')
}
