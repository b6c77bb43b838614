// Starts the program. Where it cannot run, the page says why in a sentence.
(() => {
    const own = document.currentScript;
    window.quorumscopeParsed?.();
    const blocked = [];
    document.addEventListener("securitypolicyviolation", e => blocked.push(e.effectiveDirective));

    const say = sentence => {
        const says = document.getElementById("start-says");
        if (says) {
            says.textContent = sentence;
            says.parentElement.className = "start failed";
            says.setAttribute("role", "alert");
            document.documentElement.classList.remove("scripted");
        }
    };
    const reason = error => {
        const text = String(error?.message ?? error);
        if (blocked.length > 0 || /unsafe-eval|security policy|\bCSP\b/i.test(text)) {
            const which = blocked.length > 0 ? ` (${blocked.join(", ")})` : "";
            return `Quorumscope cannot start: a Content-Security-Policy blocks it${which}. It needs script-src 'self' 'wasm-unsafe-eval' and connect-src 'self'.`;
        }
        if (self.origin === "null") {
            return "Quorumscope cannot start: the sandbox of this frame keeps it from its own files. The frame needs allow-scripts and allow-same-origin.";
        }
        return `Quorumscope cannot start: ${text}. Reload the page to try again.`;
    };

    if (location.protocol === "file:") {
        say("Quorumscope cannot start from a file: a browser loads it only from a server. Any static server will do; then open its address.");
    } else if (typeof WebAssembly !== "object") {
        say("Quorumscope cannot start: this browser has no WebAssembly, or it is switched off.");
    } else {
        const address = name => new URL(own.dataset[name], own.src).href;
        import(address("js"))
            .then(program => program.default({ module_or_path: address("wasm") }))
            .then(() => own.dataset.then && import(address("then")))
            .catch(error => {
                console.error(error);
                // The browser tells of what a policy blocked a moment after it failed.
                setTimeout(() => say(reason(error)), 50);
            });
    }
})();
