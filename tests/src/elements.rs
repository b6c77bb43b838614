//! The open page, as people and assistive technology see it: elements by name and role.

use anyhow::{Context, Result, bail};
use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::commands;
use crate::gestures::Key;
use crate::page::Page;

/// The roles that the page's controls have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something to press.
    Button,
    /// A line to write in.
    TextBox,
    /// A value along a line.
    Slider,
    /// A list to choose from, open or folded.
    ListBox,
    /// An entry of a menu.
    MenuItem,
    /// One of several panels.
    Tab,
}

impl Role {
    /// Which elements may have the role; the browser then says whether they do.
    fn candidates(self) -> &'static str {
        match self {
            Self::Button => "button, [role=button]",
            Self::TextBox => "input, textarea, [role=textbox]",
            Self::Slider => "input[type=range], [role=slider]",
            Self::ListBox => "select, [role=combobox], [role=listbox]",
            Self::MenuItem => "[role=menuitem]",
            Self::Tab => "[role=tab]",
        }
    }

    /// Whether the browser's word for a role means this one.
    fn is(self, computed: &str) -> bool {
        match self {
            Self::Button => computed == "button",
            Self::TextBox => matches!(computed, "textbox" | "searchbox" | "combobox"),
            Self::Slider => computed == "slider",
            Self::ListBox => matches!(computed, "combobox" | "listbox"),
            Self::MenuItem => computed == "menuitem",
            Self::Tab => computed == "tab",
        }
    }
}

impl Page {
    /// The element that the selector names.
    ///
    /// # Errors
    /// If there is none.
    pub async fn element(&self, css: &str) -> Result<Element> {
        let found = self.client().find(Locator::Css(css)).await;
        found.with_context(|| format!("there is no {css}"))
    }

    /// All elements that the selector names.
    ///
    /// # Errors
    /// If it is not a selector.
    pub async fn elements(&self, css: &str) -> Result<Vec<Element>> {
        Ok(self.client().find_all(Locator::Css(css)).await?)
    }

    /// The node `n1`, `n2`, … on the stage.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn node(&self, id: &str) -> Result<Element> {
        self.element(&format!("[data-node='{id}']")).await
    }

    /// The link `n1-n2` on the stage, the lower id first.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn link_element(&self, id: &str) -> Result<Element> {
        self.element(&format!("[data-link='{id}']")).await
    }

    /// What assistive technology reads for the element that the selector names.
    ///
    /// # Errors
    /// If there is none.
    pub async fn name_of(&self, css: &str) -> Result<String> {
        self.patiently(async || {
            commands::accessible_name(self.client(), &self.element(css).await?).await
        })
        .await
    }

    /// What assistive technology says the element is.
    ///
    /// # Errors
    /// If there is none.
    pub async fn role_of(&self, css: &str) -> Result<String> {
        self.patiently(async || {
            commands::accessible_role(self.client(), &self.element(css).await?).await
        })
        .await
    }

    /// The visible control of that role and that accessible name.
    ///
    /// # Errors
    /// If there is none; says which names there are.
    pub async fn control(&self, role: Role, name: &str) -> Result<Element> {
        self.patiently(async || self.control_now(role, name).await).await
    }

    /// A click that fails has not happened, so it is tried again.
    async fn click_control(&self, role: Role, name: &str) -> Result<()> {
        self.patiently(async || Ok(self.control_now(role, name).await?.click().await?)).await
    }

    /// As [`Page::control`], without waiting for it.
    ///
    /// # Errors
    /// If it is not there now.
    pub async fn control_now(&self, role: Role, name: &str) -> Result<Element> {
        let mut names = Vec::new();
        for element in self.elements(role.candidates()).await? {
            let computed = commands::accessible_role(self.client(), &element).await?;
            if !role.is(&computed) || !self.is_rendered(&element).await? {
                continue;
            }
            let found = commands::accessible_name(self.client(), &element).await?;
            if found == name {
                return Ok(element);
            }
            names.push(found);
        }
        bail!("there is no {role:?} named {name}, only {names:?}")
    }

    /// Whether it takes part in the picture. One that is drawn transparently, with something else
    /// in its place, does: it can be focused, dragged and read out.
    async fn is_rendered(&self, element: &Element) -> Result<bool> {
        let script = "return arguments[0].checkVisibility({ visibilityProperty: true })";
        let answer = self.client().execute(script, vec![serde_json::to_value(element)?]).await?;
        Ok(answer == Value::Bool(true))
    }

    /// Presses the button of that name.
    ///
    /// # Errors
    /// If there is none, or something lies over it.
    pub async fn press_button(&self, name: &str) -> Result<()> {
        self.click_control(Role::Button, name).await
    }

    /// The names of the entries of the open menu.
    ///
    /// # Errors
    /// If no menu opens.
    pub async fn menu_entries(&self) -> Result<Vec<String>> {
        self.until("a menu opens", async || {
            Ok(!self.elements("[role=menu] [role=menuitem]").await?.is_empty())
        })
        .await?;
        let mut names = Vec::new();
        for entry in self.elements("[role=menu] [role=menuitem]").await? {
            names.push(commands::accessible_name(self.client(), &entry).await?);
        }
        Ok(names)
    }

    /// Chooses an entry of the open menu.
    ///
    /// # Errors
    /// If no menu opens, or it has no such entry.
    pub async fn menu(&self, entry: &str) -> Result<()> {
        self.menu_entries().await?;
        self.click_control(Role::MenuItem, entry).await
    }

    /// Types a statement into the console and sends it.
    ///
    /// # Errors
    /// If there is no console.
    pub async fn type_in_console(&self, statement: &str) -> Result<()> {
        let console = self.control(Role::TextBox, "Console").await?;
        console.click().await?;
        // A statement that was wrong may still stand there, to be mended.
        self.chord(&[Key::Control], 'a').await?;
        console.send_keys(&format!("{statement}\n")).await?;
        Ok(())
    }

    /// The texts of the alerts that are shown.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn alerts(&self) -> Result<Vec<String>> {
        self.texts("[role=alert]").await
    }

    /// The sentences of the polite live regions.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn live(&self) -> Result<Vec<String>> {
        let script = "[...document.querySelectorAll('[aria-live=polite], [role=status]')].map(e => e.textContent.trim())";
        Ok(strings(&self.eval(script).await?))
    }

    async fn texts(&self, css: &str) -> Result<Vec<String>> {
        let script = format!(
            "[...document.querySelectorAll({})].filter(e => e.checkVisibility()).map(e => e.textContent.trim())",
            json!(css)
        );
        let all = strings(&self.eval(&script).await?);
        Ok(all.into_iter().filter(|text| !text.is_empty()).collect())
    }

    /// The names of what the list offers, and chooses the one that `wanted` names.
    ///
    /// # Errors
    /// If nothing that it offers is, or begins with, `wanted`.
    pub async fn choose_preset(&self, wanted: &str) -> Result<()> {
        let list = self.control(Role::ListBox, "Cluster").await?;
        list.click().await?;
        for option in self.elements("option, [role=option]").await? {
            let value = option.attr("value").await?.unwrap_or_default();
            let text = option.prop("textContent").await?.unwrap_or_default();
            if value == wanted
                || text.trim() == wanted
                || text.trim().starts_with(&format!("{wanted} "))
            {
                return Ok(option.click().await?);
            }
        }
        bail!("the list of clusters does not offer {wanted}")
    }

    /// What the text box named `Link` holds.
    ///
    /// # Errors
    /// If there is no such text box.
    pub async fn shared_link(&self) -> Result<String> {
        let field = self.control(Role::TextBox, "Link").await?;
        Ok(field.prop("value").await?.unwrap_or_default())
    }
}

/// The texts of a JSON array; what is no text is left out.
pub fn strings(array: &Value) -> Vec<String> {
    let items = array.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
