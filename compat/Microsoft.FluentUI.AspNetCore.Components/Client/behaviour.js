const checkable = 'fluent-switch';

// Setting `current-checked` from the server fires `change`, which would be sent back as if the user had done it: two
// quick flips then chase each other for ever. When the attribute already says what the element is, nobody touched it.
export function guardEchoes(root) {
  root.addEventListener('change', event => {
    const element = event.target;
    if (element?.localName !== checkable) return;
    const attribute = element.getAttribute('current-checked');
    const said = attribute !== null && attribute !== 'false';
    if (said === element.checked) event.stopImmediatePropagation();
  }, true);
}

// A dialog that closes gives the focus back to what had it before.
export function returnFocus(root) {
  const opener = new WeakMap();
  root.addEventListener('focusin', event => {
    const dialog = event.target.closest?.('fluent-dialog');
    const before = event.relatedTarget;
    if (dialog && before && !dialog.contains(before)) opener.set(dialog, before);
  });
  new MutationObserver(changes => {
    for (const { target } of changes) {
      if (target.localName === 'fluent-dialog' && target.hasAttribute('hidden')) {
        opener.get(target)?.focus?.();
        opener.delete(target);
      }
    }
  }).observe(root, { subtree: true, attributes: true, attributeFilter: ['hidden'] });
}
