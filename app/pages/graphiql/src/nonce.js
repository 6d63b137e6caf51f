// Monaco and react-remove-scroll make <style> elements without a nonce. Each gets the page's, so that the policy
// needs no 'unsafe-inline' for style elements. Imported before everything else.
const nonce = document.querySelector('meta[name="csp-nonce"]')?.nonce;
if (nonce) {
  const create = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const element = create(name, options);
    if (String(name).toLowerCase() === 'style') element.nonce = nonce;
    return element;
  };
}
