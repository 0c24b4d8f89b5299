// Reading aloud: the button reads elements with data-say; data-say-now is read as soon as it appears.
import { fresh } from "./find.js";

const voice = window.speechSynthesis;

export function refresh(root) {
  for (const button of fresh(root, "[data-speak]")) {
    button.hidden = !voice;
    button.addEventListener("click", () => toggle(button));
  }
  for (const element of fresh(root, "[data-verdict][data-say-now]")) say(element.dataset.sayNow);
}

export function say(sentence, whenDone) {
  if (!voice || !sentence) return whenDone?.();
  voice.cancel();
  const words = new SpeechSynthesisUtterance(sentence);
  words.lang = document.documentElement.lang || "zh-CN";
  words.rate = 0.95;
  words.onend = words.onerror = () => whenDone?.();
  voice.speak(words);
}

function toggle(button) {
  if (button.getAttribute("aria-pressed") === "true") {
    voice.cancel();
    return button.setAttribute("aria-pressed", "false");
  }
  button.setAttribute("aria-pressed", "true");
  say(marked(), () => button.setAttribute("aria-pressed", "false"));
}

function marked() {
  const spoken = [...document.querySelectorAll("[data-say]")];
  const sentences = spoken.map((each) => each.dataset.say || each.textContent.trim());
  return sentences.join("。") || document.getElementById("main")?.innerText.slice(0, 400);
}
