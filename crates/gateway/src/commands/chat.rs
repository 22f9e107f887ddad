//! x
use super::Failure;
use clap::Args;
#[derive(Args)]
pub struct Chat {
    prompt: Option<String>,
}
impl Chat {
    pub fn run(self) -> Result<(), Failure> {
        Err(Failure::start(self.prompt.unwrap_or_default()))
    }
}
