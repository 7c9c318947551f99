import { words, type Language } from '../templates/words/index.ts'

/**
 * The script that makes a website's own form answer in place. Without it the same form works by itself: it posts, and the
 * answer is a page. It finds `form[data-postilupa]` that posts to this form, loads nothing, and keeps nothing.
 * @param action the form's address
 * @param timeToken when this script was handed out, signed; a page that is served from a cache has no better one
 * @param confirmed the form's sign-ups need no confirmation, so none is promised
 */
export function embedScript(action: string, timeToken: string, confirmed: boolean): string {
  const texts = Object.fromEntries(
    (Object.keys(words) as Language[]).map((lang) => [
      lang,
      {
        title: confirmed ? words[lang].confirm.doneTitle(1) : words[lang].accepted.title,
        text: confirmed ? words[lang].form.leave : words[lang].accepted.open,
        problems: words[lang].form.problems,
        away: words[lang].errors[503].text,
      },
    ]),
  )
  const values = { action, timeToken, texts }
  // `<` is escaped, so that the text stays inert wherever somebody pastes it.
  return `(${script})(${JSON.stringify(values).replaceAll('<', '\\u003c')});\n`
}

/** Runs in the browser of a website's visitor; plain ES2017, so that nothing has to be built. */
const script = `function (it) {
  'use strict'
  function language(form) {
    var lang = (form.getAttribute('lang') || document.documentElement.lang || 'fi').slice(0, 2).toLowerCase()
    return it.texts[lang] ? lang : 'fi'
  }
  function say(form, title, lines, bad) {
    var box = form.querySelector('[data-postilupa-status]')
    if (!box) {
      box = document.createElement('div')
      box.setAttribute('data-postilupa-status', '')
      form.insertBefore(box, form.firstChild)
    }
    box.setAttribute('role', bad ? 'alert' : 'status')
    box.tabIndex = -1
    box.textContent = ''
    var head = document.createElement('p')
    head.appendChild(document.createElement('strong')).textContent = title
    box.appendChild(head)
    lines.forEach(function (line) {
      box.appendChild(document.createElement('p')).textContent = line
    })
    box.focus()
  }
  function mark(form, errors) {
    Array.prototype.forEach.call(form.elements, function (field) {
      var wrong = errors.some(function (error) { return error.path === field.name && field.name })
      if (wrong) field.setAttribute('aria-invalid', 'true')
      else field.removeAttribute('aria-invalid')
    })
  }
  function take(form) {
    if (form.getAttribute('data-postilupa-ready') !== null) return
    form.setAttribute('data-postilupa-ready', '')
    form.addEventListener('submit', function (event) {
      event.preventDefault()
      if (form.getAttribute('data-postilupa-busy') !== null) return
      form.setAttribute('data-postilupa-busy', '')
      var lang = language(form)
      var text = it.texts[lang]
      var body = new URLSearchParams(new FormData(form))
      if (!body.has('lang')) body.set('lang', lang)
      if (!body.has('page')) body.set('page', location.origin + location.pathname)
      body.set('time_token', it.timeToken)
      fetch(it.action, { method: 'POST', body: body, headers: { Accept: 'application/json' }, credentials: 'omit' })
        .then(function (answer) {
          if (answer.ok) {
            form.reset()
            mark(form, [])
            say(form, text.title, [text.text], false)
          } else if (answer.status === 422) {
            return answer.json().then(function (problem) {
              mark(form, problem.errors)
              say(form, text.problems, problem.errors.map(function (error) { return error.message }), true)
            })
          } else throw new Error(String(answer.status))
        })
        .catch(function () { say(form, text.away, [], true) })
        .then(function () { form.removeAttribute('data-postilupa-busy') })
    })
  }
  function start() {
    Array.prototype.forEach.call(document.querySelectorAll('form[data-postilupa]'), function (form) {
      if (form.action.split('?')[0] === it.action) take(form)
    })
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
}`
