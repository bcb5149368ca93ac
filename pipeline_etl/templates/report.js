// Chooses what of the page is shown. The address holds the whole state: #anchor&pipeline=Sales&of-stage=Lead.
(() => {
  'use strict';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = document.getElementById('choice');
  const said = document.getElementById('said');
  const selects = form ? [...form.elements].filter(e => e.name) : [];
  const dimensions = selects.map(s => s.name);
  const carriers = dimensions.map(d => `[data-${d}]`).join(',');
  const parts = all('.part');
  const links = all('a[href^="#"]').map(a => ({ a, anchor: a.hash.slice(1), of: a.dataset.of && JSON.parse(a.dataset.of) }));
  const number = n => n.toLocaleString(document.documentElement.lang);

  const state = () => {
    const words = location.hash.slice(1).split('&');
    const anchor = words[0].includes('=') ? '' : words.shift();
    const chosen = {};
    let of;
    for (const [key, value] of new URLSearchParams(words.join('&'))) {
      if (key.startsWith('of-')) of = { ...of, [key.slice(3)]: value };
      else if (key === 'of') of = of || {};
      else if (dimensions.includes(key) && selects.find(s => s.name === key && [...s.options].some(o => o.value === value)) && value) chosen[key] = value;
    }
    return { anchor, chosen, of };
  };
  const address = (anchor, chosen, of) => {
    const pairs = Object.entries(chosen);
    if (of) pairs.push(...(Object.keys(of).length ? Object.entries(of).map(([k, v]) => [`of-${k}`, v]) : [['of', 'all']]));
    return '#' + [anchor, new URLSearchParams(pairs).toString()].filter(Boolean).join('&');
  };
  const is = (key, has, wanted) => key === 'period' ? (has || '').split(' ').includes(wanted) : has === wanted;
  const fits = (element, chosen, per) => dimensions.every(d => {
    const has = element.dataset[d];
    if (has === undefined) return true;
    return chosen[d] ? is(d, has, chosen[d]) : !per.includes(d) || has === 'all';
  });
  const agrees = (has, wanted) => Object.entries(wanted).every(([k, v]) => is(k, has[k], v));

  const quoted = value => `'${value.replaceAll("'", "''")}'`;
  const condition = ([key, value]) => {
    if (key !== 'period') return value === '' ? `${key} is null` : `${key} = ${quoted(value)}`;
    const [name, year, month, day] = value.split('-');
    const end = new Date(Date.UTC(+year, +month - 1 + ({ month: 1, quarter: 3, year: 12 }[name] || 0), +day + (name === 'week' ? 7 : 0))).toISOString().slice(0, 10);
    return `period_start >= date '${year}-${month}-${day}' and period_start < date '${end}'`;
  };

  const showRows = (part, chosen, of) => {
    const labels = JSON.parse(part.dataset.labels), counts = JSON.parse(part.dataset.counts);
    const wanted = of || Object.fromEntries(Object.entries(chosen).filter(([k]) => k in labels));
    const total = counts.filter(([has]) => agrees(has, wanted)).reduce((sum, [, n]) => sum + n, 0);
    const shown = all('tbody tr[data-of]', part).filter(row => !row.hidden).length;
    const names = Object.entries(wanted).map(([k, v]) => {
      const known = labels[k] || {}, option = selects.find(s => s.name === k);
      const name = known[v] || (option && [...option.options].find(o => o.value === v) || {}).text || v;
      return `${known[''] || k}: ${name || '–'}`;
    });
    part.querySelector('.count').textContent = [`${part.dataset.from} ${number(shown)} ${part.dataset.ofAll} ${number(total)}`, ...names].join(' · ');
    part.querySelector('.none').hidden = total > 0;
    part.querySelector('.elsewhere').hidden = shown > 0 || !total;
    part.querySelector('.every').hidden = !of;
    const pre = part.querySelector('pre'), where = Object.entries(wanted).map(condition).join('\n    and ');
    pre.textContent = where ? `select *\nfrom (\n${pre.dataset.sql}\n)\nwhere ${where}` : pre.dataset.sql;
  };

  const apply = () => {
    const { anchor, chosen, of } = state();
    let whole = false;
    for (const part of parts) {
      const per = (part.dataset.per || '').split(' ');
      // A number says itself what it is of: where it stands may not follow the choice.
      const wanted = part.id && part.id === anchor ? of : undefined;
      const items = all(carriers ? `${carriers},[data-of]:not(a)` : '[data-of]:not(a)', part);
      for (const item of items)
        item.hidden = wanted && item.dataset.of ? !agrees(JSON.parse(item.dataset.of), wanted) : !fits(item, chosen, per);
      for (const body of all('tbody', part)) body.hidden = all('tr:not(.group)', body).every(row => row.hidden);
      const nothing = items.length > 0 && items.every(item => item.hidden) && !all('tbody', part).some(body => !body.hidden);
      for (const box of all('.scroll,.charts', part)) box.hidden = nothing;
      const none = part.querySelector('.none');
      if (none) none.hidden = !nothing;
      const follows = d => items.some(item => item.dataset[d] !== undefined);
      const stays = !wanted && Object.keys(chosen).some(d => !follows(d));
      part.classList.toggle('whole', stays);
      whole = whole || stays;
      if (part.classList.contains('behind')) showRows(part, chosen, wanted);
    }
    for (const link of links) link.a.href = address(link.anchor, chosen, link.of);
    for (const select of selects) select.value = chosen[select.name] || '';
    if (form) {
      const names = selects.filter(s => s.value).map(s => `${s.labels[0].firstChild.textContent}: ${s.selectedOptions[0].text}`);
      form.querySelector('[type=reset]').hidden = !names.length;
      const text = names.length ? `${said.dataset.shown} ${names.join(' · ')}.${whole ? ' ' + said.dataset.whole : ''}` : '';
      if (said.textContent !== text) said.textContent = text;
    }
    return anchor;
  };
  const go = () => {
    const target = document.getElementById(apply());
    if (!target) return;
    target.scrollIntoView();
    if (target.classList.contains('behind')) {
      target.querySelector('.back').hidden = history.length < 2;
      target.focus({ preventScroll: true });
    }
  };
  const choose = chosen => {
    history.pushState(null, '', address('', chosen));
    apply();
  };

  if (form) {
    form.hidden = false;
    form.addEventListener('submit', event => event.preventDefault());
    form.addEventListener('change', () => choose(Object.fromEntries(selects.filter(s => s.value).map(s => [s.name, s.value]))));
    form.addEventListener('reset', event => {
      event.preventDefault();
      choose({});
      selects[0].focus();
    });
  }
  for (const part of all('.behind')) {
    part.querySelector('.every').addEventListener('click', () => { location.hash = address(part.id, state().chosen); });
    part.querySelector('.back').addEventListener('click', () => history.back());
    const copy = part.querySelector('.copy');
    copy.hidden = !navigator.clipboard;
    copy.addEventListener('click', () => navigator.clipboard.writeText(part.querySelector('pre').textContent)
      .then(() => { copy.textContent = copy.dataset.done; }));
  }
  addEventListener('hashchange', go);
  addEventListener('popstate', apply);
  go();
})();
