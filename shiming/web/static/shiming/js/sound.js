// Three distinct sounds: ok rises, warn repeats, stop falls. Vibration follows the same patterns.
const SOUNDS = {
  ok: { notes: [[880, 0, 0.11], [1320, 0.12, 0.16]], buzz: [90] },
  warn: { notes: [[660, 0, 0.12], [660, 0.2, 0.12]], buzz: [90, 70, 90] },
  stop: { notes: [[300, 0, 0.2], [210, 0.22, 0.34]], buzz: [260, 90, 260] },
};
let speaker;

// Browsers allow sound only after a touch, so the start button calls this.
export function wake() {
  speaker ??= new (window.AudioContext ?? window.webkitAudioContext)();
  speaker.resume();
}

export function play(tone) {
  const { notes, buzz } = SOUNDS[tone] ?? SOUNDS.warn;
  navigator.vibrate?.(buzz);
  if (!speaker) return;
  for (const [pitch, start, length] of notes) note(pitch, speaker.currentTime + start, length);
}

function note(pitch, at, length) {
  const tone = speaker.createOscillator();
  const volume = speaker.createGain();
  tone.type = "triangle";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.001, at);
  volume.gain.exponentialRampToValueAtTime(0.5, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.001, at + length);
  tone.connect(volume).connect(speaker.destination);
  tone.start(at);
  tone.stop(at + length);
}
