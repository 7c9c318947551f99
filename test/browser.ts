import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser } from 'playwright-core'

/**
 * A real headless Chromium from npm alone. `browser.close()` also removes the folder it was unpacked into; each caller
 * has its own, so that test files may run side by side.
 * @returns null, with a notice, where Chromium cannot run (another system, missing shared libraries)
 */
export async function openBrowser(): Promise<Browser | null> {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-chromium-'))
  try {
    const browser = await chromium.launch({
      executablePath: await unpackInto(folder),
      env: { ...process.env, FONTCONFIG_FILE: fontsOf(folder) },
    })
    browser.on('disconnected', () => rmSync(folder, { recursive: true, force: true }))
    return browser
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    console.warn(`No Chromium runs here, browser tests are skipped: ${String(error).split('\n')[0]}`)
    return null
  }
}

/** The package unpacks into the system's temporary folder and nowhere else, so that is what it is told. */
async function unpackInto(folder: string): Promise<string> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    return await sparticuz.executablePath()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

/** The system's fonts where there are any, and the package's own. */
function fontsOf(folder: string): string {
  const file = join(folder, 'postilupa-fonts.conf')
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`,
  )
  return file
}
