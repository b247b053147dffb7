/*
 * The editor of SPARQL: CodeMirror in the place of the text area of a form, which stays the form's
 * own and is what is sent. It stands in a shadow tree, where CodeMirror has its styles in
 * constructed style sheets: the policy of the server lets no style stand in a page.
 */

import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, linter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { completions } from "./completion.js";
import { faults, told } from "./faults.js";
import { colours, theme } from "./theme.js";
import { typing } from "./typing.js";

const start = (form) => {
  const text = form.elements.namedItem("query");
  const host = document.createElement("div");
  host.className = "editor";
  const root = host.attachShadow({ mode: "open" });
  text.after(host);

  const send = () => {
    form.requestSubmit();
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text.value,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        typing,
        EditorView.lineWrapping,
        SparqlLanguage,
        SparqlLanguage.data.of({ autocomplete: completions(form.dataset) }),
        SparqlLanguage.data.of({ commentTokens: { line: "#" } }),
        autocompletion({ icons: false }),
        linter(faults, { delay: 400 }),
        syntaxHighlighting(colours),
        theme,
        EditorView.contentAttributes.of({
          "aria-label": form.querySelector(`label[for="${text.id}"]`).textContent.trim(),
          "aria-describedby": text.getAttribute("aria-describedby") ?? "",
          autocapitalize: "off",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) text.value = update.state.doc.toString();
        }),
        // The tab key is left alone: who comes by keyboard goes on by it.
        keymap.of([
          { key: "Mod-Enter", run: send, preventDefault: true },
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
      ],
    }),
  });
  text.hidden = true;
  text.required = false; // a text area that is hidden could not be complained of
  form.querySelector(`label[for="${text.id}"]`).addEventListener("click", () => view.focus());
  const fault = told(document.querySelector("[data-line]"), view.state.doc);
  if (fault) view.dispatch(setDiagnostics(view.state, [fault]));
};

for (const form of document.querySelectorAll("form[data-editor]")) start(form);
