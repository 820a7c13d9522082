// `change` bubbles out of inner controls: each event takes only what comes from its own kind of element.
const from = (names, read) => event => names.includes(event.target?.localName) ? read(event.target) : null;

export function registerEvents(blazor) {
  const register = (name, browserEventName, createEventArgs) =>
    blazor.registerCustomEventType(name, { browserEventName, createEventArgs });

  register('switchcheckedchange', 'change', from(['fluent-switch'], t => ({ checked: !!t.checked })));
  register('tabchange', 'change', from(['fluent-tabs'], t => ({ activeId: t.activeid ?? null })));
  register('dialogdismiss', 'dismiss', from(['fluent-dialog'], t => ({ id: t.id, reason: 'dismiss' })));
  register('tooltipdismiss', 'dismiss', from(['fluent-tooltip'], () => ({})));
}
