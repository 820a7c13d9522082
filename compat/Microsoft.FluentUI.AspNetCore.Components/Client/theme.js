import { baseLayerLuminance, accentBaseColor, SwatchRGB } from '@fluentui/web-components';

const luminance = { light: 0.98, dark: 0.15 };
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

// Until an element is defined it has no size and no colour of its own: without these rules the page jumps.
const rules = `
fluent-button:not(:defined){visibility:hidden;display:inline-block;min-width:32px;height:32px}
fluent-select:not(:defined){visibility:hidden;display:inline-block;width:150px;height:32px}
fluent-switch:not(:defined),fluent-badge:not(:defined),fluent-tab:not(:defined){visibility:hidden;display:inline-block;height:20px}
fluent-tabs:not(:defined){display:block;min-height:32px}
fluent-dialog:not(:defined),fluent-tooltip:not(:defined),fluent-option:not(:defined){display:none}
fluent-dialog[hidden]{display:none}
fluent-select::part(listbox){background:var(--fill-color)}`;

class FluentDesignThemeElement extends HTMLElement {
  static observedAttributes = ['mode', 'primary-color'];

  #follow = () => this.#apply();

  connectedCallback() {
    prefersDark.addEventListener('change', this.#follow);
    this.#apply();
  }

  disconnectedCallback() { prefersDark.removeEventListener('change', this.#follow); }

  attributeChangedCallback() { if (this.isConnected) this.#apply(); }

  #apply() {
    const mode = this.getAttribute('mode');
    const dark = mode === 'dark' || (mode !== 'light' && prefersDark.matches);
    baseLayerLuminance.withDefault(dark ? luminance.dark : luminance.light);
    const hex = /^#([0-9a-f]{6})$/i.exec(this.getAttribute('primary-color') ?? '');
    if (hex) {
      const n = parseInt(hex[1], 16);
      accentBaseColor.withDefault(SwatchRGB.create((n >> 16) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255));
    }
  }
}

export function defineThemeElement() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  customElements.define('fluent-design-theme', FluentDesignThemeElement);
}
