// The device test: camera, microphone, sound. Nothing leaves the browser.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const texts = JSON.parse($("test").dataset.texts);
  const say = (key) => texts[`js.${key}`];
  let audio;

  async function start() {
    $("problem").textContent = "";
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    } catch (problem) {
      $("problem").textContent = say(problem.name === "NotAllowedError" ? "denied" : "missing");
      return;
    }
    $("local").srcObject = stream;
    $("camera-state").textContent = say("camera_good");
    listen(stream);
  }

  function listen(stream) {
    audio = audio || new AudioContext();
    const analyser = audio.createAnalyser(), values = new Uint8Array(analyser.fftSize);
    audio.createMediaStreamSource(stream).connect(analyser);
    $("mic-state").textContent = say("mic_quiet");
    const look = () => {
      analyser.getByteTimeDomainData(values);
      const loud = Math.max(...values.map((value) => Math.abs(value - 128))) / 128;
      $("level").value = loud;
      if (loud > 0.05 && $("mic-state").textContent !== say("mic_good")) $("mic-state").textContent = say("mic_good");
      if (stream.active) setTimeout(look, 100);
    };
    look();
  }

  function play() {
    audio = audio || new AudioContext();
    const tone = audio.createOscillator(), loudness = audio.createGain();
    loudness.gain.value = 0.2;
    tone.frequency.value = 440;
    tone.connect(loudness).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 1);
  }

  $("start").addEventListener("click", start);
  $("play").addEventListener("click", play);
  $("heard").addEventListener("click", () => { $("sound-state").textContent = say("sound_good"); });
  $("not-heard").addEventListener("click", () => { $("sound-state").textContent = say("sound_bad"); });
})();
