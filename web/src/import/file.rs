//! Finds out the kind of a file, and reads it without blocking the page.

use crate::clerk::{Answer, Clerk, Explained, Imported, Request};
use crate::icons;
use crate::language;
use js_sys::{Array, ArrayBuffer, JsString, Promise};
use quorumscope_core::history::is_history;
use quorumscope_core::run::{MAX_SCRIPT_BYTES, Run};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};
use yew::prelude::*;

/// The largest file that is read, in bytes: far more than 100,000 operations need.
const MOST_BYTES: f64 = 256e6;
/// The number of bytes from which the kind of a file is recognized.
const HEAD_BYTES: i32 = 4_096;

/// The content of a file.
pub enum Read {
    /// A script.
    Script(Run),
    /// Operations, judged.
    Operations(Imported),
}

/// Reads a file. The worker judges operations.
pub async fn read(clerk: Clerk, file: File) -> Result<Read, String> {
    if file.size() > MOST_BYTES {
        return Err("a file may have at most 256 MB".to_owned());
    }
    let unreadable = |_| "this file cannot be read".to_owned();
    let head = file.slice_with_i32_and_i32(0, HEAD_BYTES).map_err(unreadable)?;
    let head = text(&head).await.map_err(unreadable)?;
    if is_history(head.as_bytes()) {
        return operations(&clerk, &file, true).await.map(Read::Operations);
    }
    let neither = "this is neither a script nor a file of operations";
    if file.size() > MAX_SCRIPT_BYTES as f64 {
        return Err(neither.to_owned());
    }
    let script = text(&file).await.map_err(unreadable)?;
    language::run(&script).map(Read::Script).map_err(|why| match head.contains("cluster") {
        true => why,
        false => format!("{neither}: {why}"),
    })
}

/// Judges a text in the format of operations files; see `window.quorumscope.check`.
///
/// # Errors
/// The sentence that says what is wrong with the text.
pub async fn check(clerk: Clerk, text: JsString) -> Result<Imported, String> {
    operations(&clerk, &as_file(&text)?, false).await
}

/// Answers a question about such a text; see `window.quorumscope.why`.
///
/// # Errors
/// The sentence that says what is wrong with the text, or with the question.
pub async fn why(clerk: Clerk, text: JsString, question: String) -> Result<Explained, String> {
    if text.length() == 0 {
        return Err("there are no operations in this file".to_owned());
    }
    match ask(&clerk, &as_file(&text)?, Request::Why(question)).await? {
        Some(Answer::Why(explained)) => explained,
        _ => Err("this file cannot be judged".to_owned()),
    }
}

fn as_file(text: &JsString) -> Result<Blob, String> {
    let blob = Blob::new_with_str_sequence(&Array::of1(text));
    blob.map_err(|_| "there is no room for this text".to_owned())
}

async fn operations(clerk: &Clerk, blob: &Blob, keep: bool) -> Result<Imported, String> {
    match ask(clerk, blob, Request::Import { keep }).await? {
        Some(Answer::Imported(imported)) => imported,
        _ => Err("this file cannot be judged".to_owned()),
    }
}

/// Asks the worker about a file.
async fn ask(clerk: &Clerk, blob: &Blob, request: Request) -> Result<Option<Answer>, String> {
    let unreadable = |_| "this file cannot be read".to_owned();
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(unreadable)?;
    let buffer: ArrayBuffer = buffer.dyn_into().map_err(unreadable)?;
    let told = std::rc::Rc::new(std::cell::RefCell::new(None));
    let mut request = Some(request);
    let answered = Promise::new(&mut |resolve, _| {
        let told = std::rc::Rc::clone(&told);
        let Some(request) = request.take() else { return };
        clerk.ask(request, Some(buffer.clone()), move |answer| {
            *told.borrow_mut() = Some(answer);
            // A promise accepts any value.
            let _ = resolve.call0(&JsValue::NULL);
        });
    });
    JsFuture::from(answered).await.map_err(unreadable)?;
    Ok(told.take())
}

async fn text(blob: &Blob) -> Result<String, JsValue> {
    let text = JsFuture::from(blob.text()).await?;
    Ok(text.as_string().unwrap_or_default())
}

/// A button that opens a file, with words beside its icon.
pub fn picker(words: &'static str) -> Html {
    html! {
        <label class="icon opener" title="Open a script or a file of operations">
            <input type="file" class="unseen" aria-label="Open a file" />
            { icons::stroke(icons::OPEN) }{ words }
        </label>
    }
}
