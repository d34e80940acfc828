// Reloads the page when the development server has built the project anew. The generation that the page was made by is in
// this script's own address, so that a build between the page and the connection is not missed.
(() => {
  const shown = new URL(document.currentScript.src).searchParams.get("g");
  let source = null;
  const connect = () => {
    if (source || document.hidden) return;
    source = new EventSource("/__quintet/reload");
    source.onmessage = (event) => {
      if (event.data !== shown) {
        disconnect();
        location.reload();
      }
    };
  };
  const disconnect = () => {
    source?.close();
    source = null;
  };
  // A hidden page holds no connection: browsers allow only a few to one host.
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
})();
