// A video visit for two: WebRTC between the browsers ("perfect negotiation"), signalling over a websocket. Nothing is kept.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const texts = JSON.parse($("visit").dataset.texts);
  const say = (key, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), texts[`js.${key}`]);
  const token = location.hash.slice(1);
  const ENDED = ["cancelled", "over"];
  const AGAIN = [1000, 2000, 4000, 8000];
  let socket, peer, stream, role, state, delay, other = false, gone = false, tries = 0, making = false, ignoring = false, ice = [], call = "";

  function show(text, canReturn = false) {
    if ($("state").textContent !== text) $("state").textContent = text;
    $("back").hidden = !canReturn;
  }

  function standing() {
    if (state === "cancelled" || state === "over") return show(say(state));
    if (other) return show(say("started"));
    if (role === "resident" && delay) return show(say("late", { n: delay }));
    return show(say(state === "started" && role === "resident" ? "other_left" : "waiting"));
  }

  function send(message) {
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  async function openMedia() {
    if (stream) return;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    } catch {
      try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { stream = null; }
      $("media").textContent = say("no_media");
    }
    $("local").srcObject = stream;
    for (const [id, kind] of [["mic", "audio"], ["camera", "video"]]) {
      $(id).disabled = !stream || !stream.getTracks().some((track) => track.kind === kind);
    }
  }

  function connect() {
    closePeer();
    peer = new RTCPeerConnection({ iceServers: ice });
    const mine = peer;
    if (role === "professional") call = `${Date.now()} ${Math.random()}`;  // what belongs to an earlier one is passed over
    if (stream) for (const track of stream.getTracks()) peer.addTrack(track, stream);
    else for (const kind of ["audio", "video"]) peer.addTransceiver(kind, { direction: "recvonly" });
    peer.ontrack = ({ streams: [remote], track }) => { $("remote").srcObject = remote || new MediaStream([track]); };
    peer.onicecandidate = ({ candidate }) => mine === peer && send({ type: "candidate", candidate, call });
    peer.onnegotiationneeded = async () => {
      if (role !== "professional") return;  // one side begins: the professional
      try {
        making = true;
        await mine.setLocalDescription();
        if (mine === peer) send({ type: "description", description: mine.localDescription, call });
      } finally { making = false; }
    };
    peer.onconnectionstatechange = () => {
      if (mine === peer && mine.connectionState === "failed") mine.restartIce();
    };
  }

  function closePeer() {
    if (peer) peer.close();
    peer = null;
    $("remote").srcObject = null;
  }

  async function described(description, of) {
    if (role === "professional" && of !== call) return;
    if (role === "resident" && description.type === "offer" && (!peer || of !== call)) connect();
    call = of;
    const collision = description.type === "offer" && (making || peer.signalingState !== "stable");
    ignoring = role === "professional" && collision;
    if (ignoring) return;
    await peer.setRemoteDescription(description);
    if (description.type === "offer") {
      await peer.setLocalDescription();
      send({ type: "description", description: peer.localDescription, call });
    }
  }

  async function heard(message) {
    switch (message.type) {
      case "welcome":
        ({ role, other, state, delay, ice = [] } = message);
        tries = 0;
        $("with").textContent = message.with ? say("with", { name: message.with }) : "";
        if (message.phone) { $("call").textContent = message.phone; $("call").href = `tel:${message.phone.replaceAll(" ", "")}`; $("phone").hidden = false; }
        connect();
        return standing();
      case "state":
        ({ state, delay } = message);
        if (ENDED.includes(state)) end();
        return standing();
      case "came":
        other = true;
        connect();
        return standing();
      case "left":
        other = false;
        closePeer();
        return standing();
      case "description": return described(message.description, message.call);
      case "candidate":
        try { if (peer && message.candidate && message.call === call) await peer.addIceCandidate(message.candidate); } catch (problem) { if (!ignoring) throw problem; }
        return;
      case "chat": return add(say("other"), message.text);
      case "caption":
        $("caption").hidden = !message.text;
        $("caption").textContent = message.text;
        return;
      case "media": return;
    }
  }

  function add(who, text) {
    const item = document.createElement("li"), name = document.createElement("strong");
    item.className = "message";
    name.textContent = `${who}: `;
    item.append(name, text);
    $("chat").append(item);
    item.scrollIntoView({ block: "nearest" });
  }

  function end() {
    gone = true;
    closePeer();
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = null;
    $("local").srcObject = null;
    if (socket) socket.close();
  }

  async function join() {
    gone = false;
    show(say("connecting"));
    await openMedia();
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = socket = new WebSocket(`${scheme}//${location.host}${location.pathname}/socket`);
    mine.onopen = () => send({ type: "join", token });
    let order = Promise.resolve();
    mine.onmessage = ({ data }) => { order = order.then(() => heard(JSON.parse(data))).catch(() => undefined); };
    mine.onclose = ({ code }) => {
      if (mine !== socket) return;
      other = false;
      closePeer();
      if (code === 4403) return show(say("refused"));
      if (code === 4409) { end(); return show(say("elsewhere"), true); }
      if (gone) return ENDED.includes(state) ? standing() : show(say("left"), true);
      show(say("dropped"), true);
      setTimeout(() => { if (mine === socket && !gone) join(); }, AGAIN[Math.min(tries++, AGAIN.length - 1)]);
    };
  }

  function toggle(id, kind, name) {
    $(id).addEventListener("click", () => {
      const on = $(id).getAttribute("aria-pressed") !== "true";
      $(id).setAttribute("aria-pressed", String(on));
      for (const track of stream ? stream.getTracks() : []) if (track.kind === kind) track.enabled = on;
      $("media").textContent = say(`${name}_${on ? "on" : "off"}`);
      send({ type: "media", kind, on });
    });
  }

  toggle("mic", "audio", "mic");
  toggle("camera", "video", "camera");
  $("leave").addEventListener("click", () => { end(); show(say("left"), true); $("return").focus(); });
  $("return").addEventListener("click", () => { join(); document.getElementById("main").focus(); });
  $("chat-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("chat-field").value.trim();
    if (!text) return;
    send({ type: "chat", text });
    add(say("me"), text);
    $("chat-field").value = "";
  });
  $("caption-field").addEventListener("input", () => send({ type: "caption", text: $("caption-field").value }));
  addEventListener("pagehide", () => { if (socket) socket.close(); });
  if (token) join(); else show(say("refused"));
})();
