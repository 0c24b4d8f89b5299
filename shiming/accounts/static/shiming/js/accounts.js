// The entrances: a new picture, a countdown on the button that sends a code, passkeys, copy buttons.

for (const button of document.querySelectorAll("[data-new-picture]")) {
  button.addEventListener("click", () => {
    const image = document.querySelector("[data-picture]");
    image.src = image.src.split("?")[0] + "?" + Date.now();
    document.querySelector("[name=picture_code]")?.focus();
  });
}

for (const button of document.querySelectorAll("[data-wait]")) countDown(button, Number(button.dataset.wait));

function countDown(button, seconds) {
  const label = button.textContent;
  const tick = () => {
    button.disabled = seconds > 0;
    button.textContent = seconds > 0 ? button.dataset.waitSay.replace("%", seconds) : label;
    if (seconds-- > 0) setTimeout(tick, 1000);
  };
  tick();
}

// Delegated: the text to copy often stands in a dialog that is loaded after this script.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy"); // navigator.clipboard needs https
  button.textContent = "已复制";
});

// Passkeys. The page contains the options; the answer is sent in a hidden field of the same form.
for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.querySelector("[data-passkey-go]").addEventListener("click", () => usePasskey(form));
}

async function usePasskey(form) {
  const say = form.querySelector("[data-passkey-say]");
  try {
    const options = JSON.parse(form.dataset.options);
    const credential = form.dataset.passkey === "create" ? await create(options) : await get(options);
    form.querySelector("[name=credential]").value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    say.textContent = error.name === "InvalidStateError" ? "这台设备上的通行密钥已经添加过。" : "没有完成。可以再试一次，或用其他方式。";
  }
}

async function create(options) {
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials ?? []) known.id = bytes(known.id);
  const made = await navigator.credentials.create({ publicKey: options });
  return {
    id: made.id, rawId: text(made.rawId), type: made.type,
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  options.challenge = bytes(options.challenge);
  for (const known of options.allowCredentials ?? []) known.id = bytes(known.id);
  const found = await navigator.credentials.get({ publicKey: options });
  return {
    id: found.id, rawId: text(found.rawId), type: found.type,
    response: {
      clientDataJSON: text(found.response.clientDataJSON),
      authenticatorData: text(found.response.authenticatorData),
      signature: text(found.response.signature),
      userHandle: found.response.userHandle ? text(found.response.userHandle) : null,
    },
  };
}

const bytes = (base64url) => {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};
const text = (buffer) => {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
