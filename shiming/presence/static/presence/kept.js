// Scans kept on this phone until they are uploaded: a number, a code that expires after two days, a time.
const STORE = "scans";

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("shiming-gate", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "event_id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function run(mode, does) {
  const database = await open();
  return new Promise((done, failed) => {
    const work = database.transaction(STORE, mode);
    const asked = does(work.objectStore(STORE));
    work.oncomplete = () => {
      database.close();
      done(asked.result);
    };
    work.onerror = work.onabort = () => failed(work.error);
  });
}

export const keep = (scan) => run("readwrite", (store) => store.put(scan));
export const forget = (id) => run("readwrite", (store) => store.delete(id));
export const all = async () => {
  const scans = await run("readonly", (store) => store.getAll());
  return scans.sort((a, b) => a.occurred_at - b.occurred_at);
};
