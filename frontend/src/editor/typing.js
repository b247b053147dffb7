/*
 * Type over what is selected without the help of the browser, which would keep the colours of it in
 * a style of its own: the policy of the server lets none stand in a page, and the browser complains.
 */

import { EditorView } from "@codemirror/view";

export const typing = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { from, to, empty } = view.state.selection.main;
    const { data, inputType } = event;
    if (inputType !== "insertText" || !data || empty || view.composing) return false;
    const plain = () => view.state.update(view.state.replaceSelection(data), {
      userEvent: "input.type",
      scrollIntoView: true,
    });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, data, plain))) view.dispatch(plain());
    return true;
  },
});
