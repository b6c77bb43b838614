//! The open page as people and assistive technology see it: elements by name and role.

use anyhow::{Context, Result, bail};
use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::commands;
use crate::gestures::Key;
use crate::page::Page;

/// The roles of the page's controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A button.
    Button,
    /// A text field.
    TextBox,
    /// A slider.
    Slider,
    /// A list box, open or closed.
    ListBox,
    /// An entry of a menu.
    MenuItem,
    /// A tab.
    Tab,
}

impl Role {
    /// A selector of elements that may have the role. The browser then decides.
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

    /// True if the browser's word for a role means this one.
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
    /// The first element that matches a selector.
    ///
    /// # Errors
    /// If there is none.
    pub async fn element(&self, css: &str) -> Result<Element> {
        let found = self.client().find(Locator::Css(css)).await;
        found.with_context(|| format!("there is no {css}"))
    }

    /// All elements that match a selector.
    ///
    /// # Errors
    /// If the selector is invalid.
    pub async fn elements(&self, css: &str) -> Result<Vec<Element>> {
        Ok(self.client().find_all(Locator::Css(css)).await?)
    }

    /// The element of a node (`n1`, `n2`, …) on the stage.
    ///
    /// # Errors
    /// If there is no such node.
    pub async fn node(&self, id: &str) -> Result<Element> {
        self.element(&format!("[data-node='{id}']")).await
    }

    /// The element of a link on the stage, such as `n1-n2`, with the lower id first.
    ///
    /// # Errors
    /// If there is no such link.
    pub async fn link_element(&self, id: &str) -> Result<Element> {
        self.element(&format!("[data-link='{id}']")).await
    }

    /// The accessible name of the first element that matches a selector.
    ///
    /// # Errors
    /// If there is none.
    pub async fn name_of(&self, css: &str) -> Result<String> {
        self.patiently(async || {
            commands::accessible_name(self.client(), &self.element(css).await?).await
        })
        .await
    }

    /// The role of the first element that matches a selector.
    ///
    /// # Errors
    /// If there is none.
    pub async fn role_of(&self, css: &str) -> Result<String> {
        self.patiently(async || {
            commands::accessible_role(self.client(), &self.element(css).await?).await
        })
        .await
    }

    /// The visible control with a role and an accessible name.
    ///
    /// # Errors
    /// If there is none; the message has the names that exist.
    pub async fn control(&self, role: Role, name: &str) -> Result<Element> {
        self.patiently(async || self.control_now(role, name).await).await
    }

    /// Clicks a control. A failed click has had no effect, so it is tried again.
    async fn click_control(&self, role: Role, name: &str) -> Result<()> {
        self.patiently(async || Ok(self.control_now(role, name).await?.click().await?)).await
    }

    /// The same as [`Page::control`], without waiting.
    ///
    /// # Errors
    /// If there is no such control now.
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

    /// True if the element is rendered. A transparent element with another drawn in its place
    /// counts: it can be focused, dragged and read out.
    async fn is_rendered(&self, element: &Element) -> Result<bool> {
        let script = "return arguments[0].checkVisibility({ visibilityProperty: true })";
        let answer = self.client().execute(script, vec![serde_json::to_value(element)?]).await?;
        Ok(answer == Value::Bool(true))
    }

    /// Presses the button with this name.
    ///
    /// # Errors
    /// If there is none, or another element covers it.
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

    /// Types a statement into the console and enters it.
    ///
    /// # Errors
    /// If there is no console.
    pub async fn type_in_console(&self, statement: &str) -> Result<()> {
        let console = self.control(Role::TextBox, "Console").await?;
        console.click().await?;
        // A wrong statement may still stand there, to be corrected.
        self.chord(&[Key::Control], 'a').await?;
        console.send_keys(&format!("{statement}\n")).await?;
        Ok(())
    }

    /// The texts of the visible alerts.
    ///
    /// # Errors
    /// If the browser does not answer.
    pub async fn alerts(&self) -> Result<Vec<String>> {
        self.texts("[role=alert]").await
    }

    /// The texts of the polite live regions.
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

    /// Chooses the preset whose label is `wanted`, or begins with it.
    ///
    /// # Errors
    /// If the list has no such preset.
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

    /// The value of the text field `Link`.
    ///
    /// # Errors
    /// If there is no such field.
    pub async fn shared_link(&self) -> Result<String> {
        let field = self.control(Role::TextBox, "Link").await?;
        Ok(field.prop("value").await?.unwrap_or_default())
    }
}

/// The strings of a JSON array. Other values are left out.
pub fn strings(array: &Value) -> Vec<String> {
    let items = array.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
