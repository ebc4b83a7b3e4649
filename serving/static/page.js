// What the result does in the reader's browser. Gradio runs this once, when the page is built: `element` is the
// result, `server` the page's Python functions, `watch` tells of new results. Gradio mends a result in place, node
// by node, so nodes outlive their result: everything listens on `element`, and a new result resets what people
// did. Texts and ids of the user's are compared and sent, never made into markup or selectors.

const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const behavior = () => (calm() ? 'auto' : 'smooth');
const words = (node) => (node ? node.textContent : '');
const closest = (event, selector) => event.target instanceof Element ? event.target.closest(selector) : null;
let cameFrom = null;

// Why a paragraph got its label: fetched when it is unfolded first. `toggle` does not bubble.
element.addEventListener('toggle', async (event) => {
  const box = event.target;
  if (!box.matches('details.bm-why') || !box.open || box.dataset.asked) return;
  box.dataset.asked = 'yes';
  const article = box.closest('.bm-article'), because = box.querySelector('.bm-because');
  const printed = ['kicker', 'main', 'deck'].map((part) => `.bm-printed .bm-${part}`).join();
  try {
    because.innerHTML = await server.reason({
      text: words(box.closest('.bm-par').querySelector('.bm-text')),
      headline: [...article.querySelectorAll(printed)].map(words).join(' '),
      lead: words(article.querySelector('.bm-par .bm-text')),
      label: box.dataset.label,
      confidence: Number(box.dataset.confidence),
      language: box.dataset.language,
    });
  } catch (problem) { because.textContent = '…'; }
  if (!because.querySelector('.bm-neighbours')) delete box.dataset.asked;
}, true);

// Where a paragraph stands on the page as it was given.
const sheetOf = () => element.querySelector('.bm-sheet');

const closeSheet = () => {
  const sheet = sheetOf();
  if (!sheet || sheet.hidden) return false;
  const anchor = cameFrom && cameFrom.isConnected ? cameFrom : null;
  const top = anchor && anchor.getBoundingClientRect().top;
  sheet.hidden = true;
  element.querySelectorAll('.bm-here').forEach((node) => node.classList.remove('bm-here'));
  if (anchor) {
    anchor.focus({preventScroll: true});
    window.scrollBy(0, anchor.getBoundingClientRect().top - top);
  }
  return true;
};

// The pane scrolls, the window does not: the paragraph stays where the eye is.
const aim = (sheet) => {
  const mark = sheet.querySelector('.bm-at.bm-here'), pane = sheet.querySelector('.bm-pane');
  if (!mark) return;
  const print = mark.closest('.bm-print');
  if (print) {
    const close = sheet.querySelector('.bm-sheet-zoom').getAttribute('aria-pressed') === 'true';
    const share = parseFloat(mark.style.width) / 100;
    print.style.width = `${100 * (close ? Math.min(4, Math.max(1, 0.85 / share)) : 1)}%`;
  }
  const at = mark.getBoundingClientRect(), frame = pane.getBoundingClientRect();
  const seen = Math.max(0, frame.top), height = Math.min(window.innerHeight, frame.bottom) - seen;
  const above = Math.max(24, Math.min(height / 3, (height - at.height) / 2));
  const beside = Math.max(12, (frame.width - at.width) / 2);
  pane.scrollTo({
    top: pane.scrollTop + at.top - seen - above,
    left: pane.scrollLeft + at.left - frame.left - beside,
    behavior: print ? 'auto' : behavior(),
  });
};

const fetchSide = async (side) => {
  if (!side.dataset.original || side.dataset.asked) return;
  side.dataset.asked = 'yes';
  const sheet = side.closest('.bm-sheet'), print = side.querySelector('.bm-print');
  const asked = {original: side.dataset.original, page: Number(side.dataset.page), language: sheet.dataset.language};
  side.classList.add('bm-waiting');
  try {
    const answer = await server.picture(asked);
    if (side.dataset.original !== asked.original) return; // another result came meanwhile
    if (answer.startsWith('data:image/')) {
      const picture = new Image();
      picture.alt = words(side.querySelector('figcaption'));
      picture.src = answer;
      await picture.decode();
      print.prepend(picture);
      side.classList.add('bm-loaded');
    } else {
      const note = document.createElement('div');
      note.innerHTML = answer;
      side.append(note);
    }
  } catch (problem) { delete side.dataset.asked; }
  side.classList.remove('bm-waiting');
  aim(sheet);
};

const showPlace = (holder) => {
  const sheet = sheetOf(), text = holder.querySelector('.bm-placed');
  const mine = (node) => node.dataset.block === holder.dataset.block;
  const marks = sheet ? [...sheet.querySelectorAll('.bm-at')] : [];
  if (!text || !marks.some(mine)) return;
  const top = text.getBoundingClientRect().top;
  element.querySelectorAll('[data-block]').forEach((node) => node.classList.toggle('bm-here', mine(node)));
  sheet.hidden = false;
  window.scrollBy(0, text.getBoundingClientRect().top - top); // the lines above broke anew beside the sheet
  const covers = window.getComputedStyle(sheet).position === 'fixed' && sheet.getBoundingClientRect().top - 60;
  if (covers && text.getBoundingClientRect().top > covers) text.scrollIntoView({block: 'start'});
  text.focus({preventScroll: true});
  cameFrom = text;
  const said = holder.querySelector('.bm-where');
  sheet.querySelector('.bm-sheet-said').textContent = said ? said.textContent : '';
  sheet.querySelectorAll('.bm-side').forEach((side) => {
    side.hidden = !side.querySelector('.bm-here');
    if (!side.hidden) fetchSide(side);
  });
  aim(sheet);
};

// The other way round: from a place to what was made of it.
const showParagraph = (mark) => {
  const holders = [...element.querySelectorAll('.bm-article [data-block]')];
  const holder = holders.find((node) => node.dataset.block === mark.dataset.block);
  if (!holder) return;
  showPlace(holder);
  holder.scrollIntoView({block: 'center', behavior: behavior()});
};

element.addEventListener('click', (event) => {
  if (closest(event, '.bm-sheet-close')) return void closeSheet();
  const zoom = closest(event, '.bm-sheet-zoom');
  if (zoom) {
    zoom.setAttribute('aria-pressed', String(zoom.getAttribute('aria-pressed') !== 'true'));
    return aim(sheetOf());
  }
  const button = closest(event, '.bm-where');
  if (button) return showPlace(button.closest('[data-block]'));
  if (String(window.getSelection())) return; // somebody marks text to copy it
  const mark = closest(event, '.bm-at'), text = closest(event, '.bm-placed');
  if (mark) return showParagraph(mark);
  if (text) showPlace(text.closest('[data-block]'));
});

element.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.isComposing) {
    if (!closeSheet() && cameFrom && cameFrom.isConnected) cameFrom.focus();
  } else if ((event.key === 'Enter' || event.key === ' ') && event.target.matches('.bm-placed')) {
    event.preventDefault();
    showPlace(event.target.closest('[data-block]'));
  }
});

// A headline of one's own: typed over the written one, held against its article on the way.
const PAUSE_MS = 150;
const pauses = new WeakMap(), turns = new WeakMap();

// Until the answer comes, marks on either side of what was typed stay where they belong.
const carryMarks = (under, text) => {
  const old = under.textContent, kept = [];
  let same = 0, tail = 0;
  while (same < Math.min(old.length, text.length) && old[same] === text[same]) same += 1;
  const rest = Math.min(old.length, text.length) - same;
  while (tail < rest && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  let at = 0;
  for (const node of [...under.childNodes]) {
    const start = at, end = (at += node.textContent.length);
    const shift = end <= same ? 0 : start >= old.length - tail ? text.length - old.length : null;
    if (node.nodeName === 'MARK' && shift !== null) kept.push([start + shift, end + shift, node]);
  }
  const nodes = [];
  at = 0;
  for (const [start, end, mark] of kept) {
    nodes.push(text.slice(at, start), mark);
    at = end;
  }
  under.replaceChildren(...nodes, text.slice(at) || '\u200b'); // gives the empty field its height
};

const typed = (over) => {
  const box = over.closest('.bm-written');
  carryMarks(over.previousElementSibling, over.value);
  box.querySelector('.bm-restore').hidden = over.value === over.defaultValue;
  clearTimeout(pauses.get(over));
  pauses.set(over, setTimeout(() => check(over), PAUSE_MS));
};

const check = async (over) => {
  const box = over.closest('.bm-written'), article = over.closest('.bm-article');
  const turn = (turns.get(over) || 0) + 1;
  turns.set(over, turn);
  const asked = {
    headline: over.value,
    paragraphs: [...article.querySelectorAll('.bm-par .bm-text')].map(words),
    date: over.closest('.bm-issue').dataset.date,
    language: box.dataset.language,
  };
  let answer;
  try { answer = await server.check(asked); } catch (problem) { answer = {marked: '', told: '…'}; }
  if (turns.get(over) !== turn || over.value !== asked.headline) return;
  if (answer.marked) over.previousElementSibling.innerHTML = answer.marked;
  box.querySelector('.bm-told').innerHTML = answer.told;
};

const replace = (over, text) => { over.value = text; typed(over); keep(); over.focus(); };

// What is downloaded has the headlines as the page shows them: a download waits until they are kept.
const KEPT_MS = 3000;
let keeping = 0; // how many have not come back

const keep = () => {
  keeping += 1;
  const headlines = [...element.querySelectorAll('.bm-article')].flatMap((article) => {
    const over = article.querySelector('.bm-over');
    return over ? [{article: article.dataset.article, headline: over.value}] : [];
  });
  trigger('edit', {headlines});
};

element.addEventListener('change', (event) => { if (closest(event, '.bm-over')) keep(); });
document.addEventListener('bm-kept', () => { keeping = Math.max(0, keeping - 1); });
document.addEventListener('click', (event) => {
  const button = closest(event, '#bm-downloads button, #bm-downloads a');
  if (!button || !keeping) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const until = Date.now() + KEPT_MS;
  const go = () => {
    if (keeping && Date.now() < until) return void setTimeout(go, 50);
    keeping = 0;
    setTimeout(() => button.click(), 50); // Gradio gives the button its new file after the event
  };
  go();
}, true);

element.addEventListener('input', (event) => {
  const over = closest(event, '.bm-over');
  if (!over) return;
  if (!event.isComposing && /[\r\n]/.test(over.value)) over.value = over.value.replace(/\s*[\r\n]+\s*/g, ' ');
  typed(over);
});
element.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.isComposing && closest(event, '.bm-over')) event.preventDefault();
});

element.addEventListener('click', async (event) => {
  const tool = closest(event, '.bm-restore, .bm-copy, .bm-candidate');
  if (!tool) return;
  const over = tool.closest('.bm-written').querySelector('.bm-over');
  if (tool.matches('.bm-restore')) return replace(over, over.defaultValue);
  if (tool.matches('.bm-candidate')) return replace(over, words(tool));
  over.select();
  try { await navigator.clipboard.writeText(over.value); } catch (problem) { document.execCommand('copy'); }
  const word = tool.textContent;
  if (word === tool.dataset.done) return;
  tool.textContent = tool.dataset.done;
  setTimeout(() => { tool.textContent = word; }, 1500);
});

// The place in the article that comes nearest to what it does not say.
const unmark = () => element.querySelectorAll('mark.bm-nearest').forEach((mark) => {
  const text = mark.parentNode;
  mark.replaceWith(...mark.childNodes);
  text.normalize();
});

element.addEventListener('click', (event) => {
  const near = closest(event, '.bm-near');
  if (!near) return;
  unmark();
  const article = near.closest('.bm-article');
  const text = article.querySelectorAll('.bm-par .bm-text')[Number(near.dataset.paragraph)];
  const letters = [...words(text)]; // Python counts characters, the DOM units of UTF-16
  const units = (count) => letters.slice(0, count).join('').length;
  const range = document.createRange();
  range.setStart(text.firstChild, units(Number(near.dataset.start)));
  range.setEnd(text.firstChild, units(Number(near.dataset.end)));
  const mark = document.createElement('mark');
  mark.className = 'bm-nearest';
  range.surroundContents(mark);
  cameFrom = near;
  mark.tabIndex = -1;
  mark.focus({preventScroll: true});
  mark.scrollIntoView({block: 'center', behavior: behavior()});
});

watch('value', () => {
  cameFrom = null;
  unmark();
  element.querySelectorAll('.bm-over').forEach((over) => {
    clearTimeout(pauses.get(over));
    turns.set(over, (turns.get(over) || 0) + 1);
    over.value = over.defaultValue;
  });
  if (keeping) keep(); // the page was drawn anew before what was edited came back
});
