//! The chat template: how a conversation is written for the model, in the file's own Jinja.

use minijinja::{Environment, Error, ErrorKind, Value, context};

use super::super::error::{GenerateError, LoadError};

/// What models that bring no template are mostly trained with.
const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n\
                      {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// Bounds the work of one rendering, whatever the file's template does.
const FUEL: u64 = 5_000_000;

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// The text.
    pub content: String,
}

/// A compiled chat template.
pub(crate) struct ChatTemplate {
    jinja: Environment<'static>,
    begin: String,
    end: String,
}

impl ChatTemplate {
    /// Compiles the file's template; `None` means ChatML. `begin` and `end` are the texts of the tokens that
    /// templates know as `bos_token` and `eos_token`.
    pub(crate) fn compile(source: Option<&str>, begin: &str, end: &str) -> Result<Self, LoadError> {
        let mut jinja = Environment::new();
        jinja.set_trim_blocks(true);
        jinja.set_lstrip_blocks(true);
        jinja.set_fuel(Some(FUEL));
        jinja.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        jinja.add_function("raise_exception", |message: String| -> Result<Value, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        let added = jinja.add_template_owned("chat", source.unwrap_or(CHATML).to_owned());
        added.map_err(|e| LoadError::Template(e.to_string()))?;
        Ok(Self { jinja, begin: begin.to_owned(), end: end.to_owned() })
    }

    /// Writes the conversation and the beginning of the answer.
    pub(crate) fn render(&self, turns: &[Turn]) -> Result<String, GenerateError> {
        let message = |turn: &Turn| context! { role => turn.role, content => turn.content };
        let messages: Vec<Value> = turns.iter().map(message).collect();
        let values = context! {
            messages, add_generation_prompt => true, bos_token => self.begin, eos_token => self.end,
        };
        let rendered = self.jinja.get_template("chat").and_then(|template| template.render(values));
        rendered.map_err(|e| GenerateError::Template(e.detail().unwrap_or("it does not work").to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(role: &str, content: &str) -> Turn {
        Turn { role: role.to_owned(), content: content.to_owned() }
    }

    fn check(source: Option<&str>, turns: &[Turn], expected: &str) {
        let template = ChatTemplate::compile(source, "<s>", "</s>").unwrap();
        assert_eq!(template.render(turns).unwrap(), expected);
    }

    #[test]
    fn without_a_template_it_is_chatml() {
        check(
            None,
            &[turn("system", "be kind"), turn("user", "hi {{ 1 }}")],
            "<|im_start|>system\nbe kind<|im_end|>\n<|im_start|>user\nhi {{ 1 }}<|im_end|>\n<|im_start|>assistant\n",
        );
    }

    #[test]
    fn blocks_leave_no_blank_lines_and_python_methods_work() {
        let source = "{%- for m in messages %}\n    {%- if m.content.startswith('x') %}\n{{ bos_token }}\
                      {{ m.content.split('</t>')[-1].lstrip('\\n') }}\n    {%- endif %}\n{%- endfor %}\n{{ eos_token }}\n";
        check(Some(source), &[turn("user", "x</t>\n\nb"), turn("user", "y")], "<s>b</s>");
    }

    #[test]
    fn a_template_may_refuse_a_conversation() {
        let source = "{{ raise_exception('roles must alternate') }}";
        let template = ChatTemplate::compile(Some(source), "", "").unwrap();
        let error = template.render(&[turn("user", "a")]).unwrap_err();
        assert!(error.to_string().contains("roles must alternate"), "{error}");
    }

    #[test]
    fn a_template_that_does_not_parse_or_does_not_end_is_an_error() {
        assert!(matches!(ChatTemplate::compile(Some("{% for %}"), "", ""), Err(LoadError::Template(_))));
        let endless = "{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}";
        let template = ChatTemplate::compile(Some(endless), "", "").unwrap();
        assert!(matches!(template.render(&[]), Err(GenerateError::Template(_))));
    }
}
