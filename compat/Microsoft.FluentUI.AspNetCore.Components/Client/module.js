// Loaded by Blazor as the library's JavaScript initializer; the page needs no script tag of its own.
import { registerElements } from './elements.js';
import { registerEvents } from './events.js';
import { guardEchoes, returnFocus } from './behaviour.js';
import { defineThemeElement } from './theme.js';

let started = false;

function start(blazor) {
  if (started) return;
  started = true;
  guardEchoes(document);
  returnFocus(document);
  defineThemeElement();
  registerElements();
  registerEvents(blazor);
}

export function beforeWebStart() { }
export const afterWebStarted = start;
export const afterStarted = start;
