/* What pages do beyond HTML. Everything works without this file. */
(function () {
  "use strict";

  /* After a swap: the page's language, its title's focus, and a warning before the session ends. */
  var timer = null;

  function settle() {
    var page = document.getElementById("page");
    document.documentElement.lang = page.lang;
    document.documentElement.dir = page.dir;
    watchSession(page);
    showAsked();
  }

  /* A question that hangs on another answer of its page shows once it is asked. */
  function showAsked() {
    document.querySelectorAll("[data-shown-if]").forEach(function (question) {
      var name = "[name='" + question.dataset.shownIf + "']";
      var chosen = document.querySelector(name + ":checked, " + name + " option:checked");
      question.hidden = !chosen || question.dataset.shownValues.split(" ").indexOf(chosen.value) < 0;
    });
  }

  function focusFirst() {
    var target = document.querySelector(".error-summary") || document.querySelector("main h1");
    if (target) {
      target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: !target.classList.contains("error-summary") });
    }
  }

  function tell(text, label, action) {
    var region = document.getElementById("status");
    region.textContent = "";
    if (!text) { return; }
    var line = document.createElement("p");
    line.textContent = text;
    if (label) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", action);
      line.appendChild(button);
    }
    region.appendChild(line);
  }

  function watchSession(page) {
    window.clearTimeout(timer);
    var idle = Number(page.dataset.idle);
    if (!idle) { return; }
    timer = window.setTimeout(function () {
      tell(page.dataset.ending, page.dataset.stay, function () {
        /* A session that is over already answers with the way to the sign-in page: not a stay. */
        fetch(page.dataset.stayUrl, { credentials: "same-origin", redirect: "manual" })
          .then(function (answer) { if (answer.status === 204) { tell(""); watchSession(page); } });
      });
    }, (idle - 300) * 1000);
  }

  document.addEventListener("htmx:configRequest", function (event) {
    /* htmx does not see a button that stands outside its form: have it post what the browser would. */
    var button = event.detail.triggeringEvent && event.detail.triggeringEvent.submitter;
    if (button && button.name === "switch_language") {
      event.detail.path = button.getAttribute("formaction");
      event.detail.parameters[button.name] = button.value;
    }
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    /* Our own error pages are pages too: show them. */
    if (event.detail.xhr.getResponseHeader("X-Usrati-Page")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target.id === "page") { settle(); focusFirst(); tell(""); } else { showAsked(); }
  });
  /* htmx:responseError: an answer that is none of our pages, from whatever stands in between. */
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function () { tell(document.getElementById("page").dataset.offline); });
  });
  window.addEventListener("offline", function () { tell(document.getElementById("page").dataset.offline); });
  window.addEventListener("online", function () { tell(""); });
  document.addEventListener("change", showAsked);
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) { window.print(); }
  });

  document.addEventListener("DOMContentLoaded", function () {
    settle();
    var summary = document.querySelector(".error-summary");
    if (summary) { summary.focus(); }
  });
})();
