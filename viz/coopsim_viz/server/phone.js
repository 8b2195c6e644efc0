const base = location.pathname.replace(/\/$/, ''), $ = id => document.getElementById(id)
let v = '', lost = false, state = null, choosing = false
const fill = (s, o) => s.replace(/\{(\w+)\}/g, (_, k) => o[k])
const num = x => x === null || x === undefined ? '–' : x.toLocaleString(L, {maximumFractionDigits: Math.abs(x) >= 100 ? 0 : 2})
const show = (x, u) => u.startsWith('share') ? num(x === null ? null : x * 100) + ' %' : num(x)
function text(tag, words, cls) { const e = document.createElement(tag); e.textContent = words; if (cls) e.className = cls; return e }
async function post(what, data) {
  $('err').textContent = ''
  try {
    const r = await fetch(base + '/' + what + '?lang=' + L, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(data)})
    const d = await r.json(); if (!r.ok) $('err').textContent = d.text || W.refused
    v = ''; await look(); return r.ok
  } catch (e) { $('err').textContent = W.lost; return false }
}
function draw(s) {
  state = s
  $('year').textContent = W.year + ' ' + s.year
  $('join').hidden = !!s.seat && !choosing; $('room').hidden = !s.seat
  if (!s.seat) return
  $('name').textContent = s.seat[L]
  const q = $('question'); q.replaceChildren()
  const b = s.ballot
  if (!b || !b.open) q.append(text('p', W.wait, 'soft'))
  else {
    q.append(text('h2', b.question), text('small', b.secret ? W.secret : W.open))
    if (b.seconds !== null) q.append(text('p', fill(W.left, {s: b.seconds}), 'soft'))
    if (b.mine) q.append(text('p', W.sent))
    else b.options.forEach((o, i) => { const e = text('button', o, 'main'); e.type = 'button'; e.onclick = () => { e.disabled = true; post('voter', {ballot: b.id, option: i}) }; q.append(e); if (b.brings[i]) q.append(text('p', o + ' → ' + b.brings[i][L], 'soft')) })
  }
  const t = $('sees'); t.replaceChildren()
  if (s.sees && s.sees.some(x => 'A' in x.values)) {
    const h = document.createElement('tr'); h.append(text('th', ''), text('th', 'A'), text('th', 'B')); t.append(h)
    s.sees.forEach(x => { const r = document.createElement('tr'); r.append(text('td', x[L] + (x.words && x.words[L] && x.words[L] !== '%' ? ' (' + x.words[L] + ')' : '')), text('td', show(x.values.A, x.unit)), text('td', show(x.values.B, x.unit))); t.append(r) })
  }
  $('predict').hidden = !s.predict
  if (s.predict) $('what').textContent = fill(W.predict_help, {label: s.predict[L], year: s.predict.year, lane: $('lane').value, now: num(s.predict.now)})
}
async function look() {
  try {
    const r = await fetch(base + '/etat?v=' + v)
    if (lost) { lost = false; $('err').textContent = '' }
    if (r.status === 200) { const s = await r.json(); v = s.v; draw(s) }
    else if (r.status !== 204) $('err').textContent = (await r.json()).text || W.lost
  } catch (e) { lost = true; $('err').textContent = W.lost }
}
$('take').onclick = async () => { if (await post('prendre', {seat: $('seat').value})) { choosing = false; look() } }
$('change').onclick = () => { choosing = true; $('join').hidden = false; $('seat').focus() }
$('lane').onchange = () => state && draw(state)
$('send').onclick = async () => {
  const x = parseFloat($('guess').value.replace(/[\s\u202f\u00a0]/g, '').replace(',', '.'))
  if (!isFinite(x)) { $('err').textContent = W.not_number; return }
  if (await post('prevoir', {lane: $('lane').value, indicator: state.predict.indicator, tick: state.predict.tick, value: x})) { $('guess').value = ''; $('noted').textContent = W.noted }
}
look(); setInterval(look, 1000)
