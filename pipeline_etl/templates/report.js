// Chooses what of the page is shown. The address holds the whole state: #anchor&pipeline=Sales&of-stage=Lead.
(() => {
  'use strict';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = document.getElementById('choice');
  const said = document.getElementById('said');
  const selects = form ? [...form.elements].filter(e => e.name) : [];
  const dimensions = selects.map(s => s.name);
  const options = Object.fromEntries(selects.map(s => [s.name, new Map([...s.options].map(o => [o.value, o.text]))]));
  const carriers = dimensions.map(d => `[data-${d}]`).join(',');
  // What waits to be chosen stands in templates, so that a page that is only read need not lay it out.
  let known;
  const parts = () => {
    if (!known) {
      for (const later of all('template.later')) later.replaceWith(later.content);
      known = all('.part:not(.behind)').map(part => ({ part, per: (part.dataset.per || '').split(' '), items: carriers ? all(carriers, part) : [] }));
    }
    return known;
  };
  const language = document.documentElement.lang;
  const number = (n, more) => n.toLocaleString(language, { useGrouping: 'always', ...more });

  const state = () => {
    const words = location.hash.slice(1).split('&');
    const anchor = words[0].includes('=') ? '' : words.shift();
    const chosen = {};
    let of, sum = '';
    for (const [key, value] of new URLSearchParams(words.join('&'))) {
      if (key.startsWith('of-')) of = { ...of, [key.slice(3)]: value };
      else if (key === 'of') of = of || {};
      else if (key === 'sum') sum = value;
      else if (value && options[key] && options[key].has(value)) chosen[key] = value;
    }
    return { anchor, chosen, of, sum };
  };
  const address = (anchor, chosen, of, sum) => {
    const pairs = Object.entries(chosen);
    if (of) pairs.push(...(Object.keys(of).length ? Object.entries(of).map(([k, v]) => [`of-${k}`, v]) : [['of', 'all']]));
    if (sum) pairs.push(['sum', sum]);
    return '#' + [anchor, new URLSearchParams(pairs).toString()].filter(Boolean).join('&');
  };
  const fits = (element, chosen, per) => dimensions.every(d => {
    const has = element.dataset[d];
    if (has === undefined) return true;
    if (chosen[d]) return d === 'period' ? has.split(' ').includes(chosen[d]) : has === chosen[d];
    return per.includes(d) ? has === 'all' : d !== 'period' || element.dataset.later === undefined;
  });

  // The rows behind numbers: read from the page's data when they are first asked for, and written as far as they are seen.
  const AT_A_TIME = 40;
  const grids = new Map(all('.behind').map(part => [part.id, { part, was: '', keys: part.dataset.keys.split(' ').filter(Boolean) }]));
  const SIGNS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const columns = written => written.reduce((read, { each, texts, at, like }) => [...read, {
    texts: each || texts,
    at: each ? [...each.keys()] : like !== undefined ? read[like].at : typeof at === 'string' ? [...at].map(sign => SIGNS.indexOf(sign)) : at,
  }], []);
  const data = grid => {
    if (!grid.data) {
      grid.data = JSON.parse(grid.part.querySelector('template.held').content.textContent);
      grid.data.columns = columns(grid.data.columns);
      for (const counts of grid.data.beyond) counts.columns = columns(counts.columns);
    }
    return grid.data;
  };
  const bounds = period => {
    const [name, year, month, day] = period.split('-');
    const end = new Date(Date.UTC(+year, +month - 1 + ({ month: 1, quarter: 3, year: 12 }[name] || 0), +day + (name === 'week' ? 7 : 0)));
    return [`${year}-${month}-${day}`, end.toISOString().slice(0, 10)];
  };
  // The rows that have what is wanted; a text that a thousand rows share is asked once. isByDay: a day stands for its periods.
  const found = (count, columns, keys, wanted, isByDay = true) => {
    const tests = Object.entries(wanted).map(([key, value]) => {
      const { texts, at } = columns[keys[key]], [start, end] = key === 'period' && isByDay ? bounds(value) : [];
      return [at, texts.map(text => start ? text >= start && text < end : text === value)];
    });
    return [...Array(count).keys()].filter(n => tests.every(([at, fits]) => fits[at[n]]));
  };
  // How many rows beyond those in the page have what is wanted, and what they come to; a page knows what its filters and links ask.
  const beyond = (held, wanted, sum) => {
    const names = Object.keys(wanted);
    const counts = held.beyond.find(({ keys, isByDay }) => names.every(n => keys.includes(n)) && (isByDay || keys.length === names.length));
    const at = counts && found(counts.counts.length, counts.columns, Object.fromEntries(counts.keys.map((key, n) => [key, n])), wanted, counts.isByDay);
    const added = values => at.reduce((all, n) => all + values[n], 0);
    if (at && (at.length || counts.isByDay)) return { count: added(counts.counts), sum: sum ? added(counts.sums[sum]) : 0, isKnown: true };
    return { count: 0, sum: 0, isKnown: !held.beyond.length };
  };
  const quoted = value => `'${value.replaceAll("'", "''")}'`;
  const condition = ([key, value], day) => {
    if (key !== 'period') return value === '' ? `coalesce(${key}::varchar, '') = ''` : `${key} = ${quoted(value)}`;
    const [start, end] = bounds(value);
    return `${day} >= date '${start}' and ${day} < date '${end}'`;
  };
  const write = grid => {
    const { part, found, written } = grid, held = data(grid), body = part.querySelector('tbody'), next = found.slice(written, written + AT_A_TIME);
    for (const n of next) {
      const row = document.createElement('tr');
      for (let c = 0; c < held.shown; c++) {
        const cell = document.createElement(c ? 'td' : 'th');
        if (!c) cell.scope = 'row';
        else if (held.numbers.includes(c)) cell.className = 'n';
        cell.textContent = held.columns[c].texts[held.columns[c].at[n]];
        row.append(cell);
      }
      body.append(row);
    }
    grid.written = written + next.length;
    part.querySelector('.count').textContent = [`${part.dataset.from} ${number(grid.written)} ${part.dataset.ofAll} ${number(grid.total)}${grid.isKnown ? '' : '+'}`, ...grid.said].join(' · ');
    part.querySelector('.more').hidden = grid.written >= found.length;
  };
  const more = grid => {
    if (!grid.found) {
      // What stands there was written without the script.
      const held = data(grid);
      grid.found = [...Array(held.count).keys()];
      grid.total = held.count + beyond(held, {}).count;
      grid.isKnown = true;
      grid.written = grid.part.querySelector('tbody').rows.length;
      grid.said = [];
    }
    write(grid);
  };
  const showRows = (grid, wanted, asked, sum) => {
    const is = JSON.stringify([wanted, asked, sum]);
    if (grid.was === is || (!grid.was && !asked && !Object.keys(wanted).length)) return;
    const { part } = grid, held = data(grid);
    const summed = sum && held.sums[sum], others = beyond(held, wanted, summed && sum);
    grid.was = is;
    grid.found = found(held.count, held.columns, held.keys, wanted);
    grid.total = grid.found.length + others.count;
    grid.isKnown = others.isKnown;
    grid.said = Object.entries(wanted).map(([k, v]) => {
      const known = held.labels[k] || {};
      return `${known[''] || k}: ${known[v] || (options[k] && options[k].get(v)) || (k === 'period' ? bounds(v)[0] : v) || '–'}`;
    });
    if (summed && others.isKnown) {
      const value = others.sum + grid.found.reduce((all, n) => all + (summed.values[n] || 0), 0);
      const money = summed.isMoney && held.currency ? { style: 'currency', currency: held.currency } : {};
      grid.said.unshift(`${summed.label}: ${number(value, { maximumFractionDigits: 0, ...money })}`);
    }
    part.querySelector('tbody').replaceChildren();
    grid.written = 0;
    write(grid);
    part.querySelector('.scroll').hidden = !grid.found.length;
    part.querySelector('.none').hidden = grid.total > 0 || !grid.isKnown;
    part.querySelector('.elsewhere').hidden = grid.found.length > 0 || (!grid.total && grid.isKnown);
    part.querySelector('.every').hidden = !asked;
    const pre = part.querySelector('pre'), where = Object.entries(wanted).map(pair => condition(pair, held.day)).join('\n    and ');
    pre.textContent = where ? `select *\nfrom (\n${pre.dataset.sql}\n)\nwhere ${where}` : pre.dataset.sql;
  };

  for (const part of all('.part[data-per]')) {
    if (!part.querySelector('template.later') || part.querySelector(carriers || 'p')) continue;
    for (const box of all('.scroll,.charts,.none', part)) box.hidden = !box.classList.contains('none');
  }
  let shown = '{}', whole = false;
  const showParts = chosen => {
    whole = false;
    for (const { part, per, items } of parts()) {
      for (const item of items) item.hidden = !fits(item, chosen, per);
      for (const body of all('tbody', part)) body.hidden = all('tr:not(.group)', body).every(row => row.hidden);
      const nothing = items.length > 0 && items.every(item => item.hidden) && !all('tbody', part).some(body => !body.hidden);
      for (const box of all('.scroll,.charts', part)) box.hidden = nothing;
      const none = part.querySelector('.none');
      if (none) none.hidden = !nothing;
      const stays = Object.keys(chosen).some(d => !items.some(item => item.dataset[d] !== undefined));
      part.classList.toggle('whole', stays);
      whole = whole || stays;
    }
  };
  const apply = () => {
    const { anchor, chosen, of, sum } = state(), is = JSON.stringify(chosen);
    if (is !== shown) showParts(chosen);
    shown = is;
    let follows = !whole;
    for (const [id, grid] of grids) {
      // A number says itself what it is of: where it stands may not follow the choice.
      const asked = id === anchor && of;
      const wanted = Object.fromEntries(Object.entries(asked || chosen).filter(([k]) => grid.keys.includes(k)));
      const stays = !asked && Object.keys(chosen).some(d => !grid.keys.includes(d));
      grid.part.classList.toggle('whole', stays);
      follows = follows && !stays;
      showRows(grid, wanted, !!asked, asked ? sum : '');
    }
    for (const select of selects) select.value = chosen[select.name] || '';
    if (form) {
      const names = selects.filter(s => s.value).map(s => `${s.labels[0].firstChild.textContent}: ${s.selectedOptions[0].text}`);
      form.querySelector('[type=reset]').hidden = !names.length;
      const text = names.length ? `${said.dataset.shown} ${names.join(' · ')}.${follows ? '' : ' ' + said.dataset.whole}` : '';
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
  for (const { part } of grids.values()) {
    const copy = part.querySelector('.copy');
    copy.hidden = !navigator.clipboard;
    part.querySelector('.more').hidden = part.dataset.more === undefined;
  }
  // A link says where it leads when it is about to be followed, so that thousands of them cost nothing until then.
  const lead = event => {
    const a = event.target.closest && event.target.closest('a[href^="#"]');
    if (!a) return;
    const anchor = a.hash.slice(1).split('&')[0], row = a.closest('tr[data-of]');
    const of = a.dataset.of === undefined ? undefined
      : Object.fromEntries([...new URLSearchParams(row ? row.dataset.of : ''), ...new URLSearchParams(a.dataset.of)]);
    a.setAttribute('href', address(anchor, state().chosen, of, a.dataset.sum));
  };
  for (const name of ['pointerdown', 'focusin', 'click']) document.addEventListener(name, lead, true);
  document.addEventListener('click', event => {
    const button = event.target.closest && event.target.closest('.behind button');
    if (!button) return;
    const grid = grids.get(button.closest('.behind').id);
    if (button.classList.contains('every')) location.hash = address(grid.part.id, state().chosen);
    else if (button.classList.contains('back')) history.back();
    else if (button.classList.contains('more')) more(grid);
    else navigator.clipboard.writeText(grid.part.querySelector('pre').textContent).then(() => { button.textContent = button.dataset.done; });
  });
  addEventListener('hashchange', go);
  addEventListener('popstate', apply);
  go();
})();
