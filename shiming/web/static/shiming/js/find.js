// The matching elements under `root`, root included, each only once per purpose.
const seen = new WeakMap();

export function fresh(root, selector, purpose = selector) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found.filter((element) => {
    const purposes = seen.get(element) ?? new Set();
    if (purposes.has(purpose)) return false;
    seen.set(element, purposes.add(purpose));
    return true;
  });
}
