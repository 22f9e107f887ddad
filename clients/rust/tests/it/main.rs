//! The client against a scripted server, over real connections that break where the script says.

mod calls;
mod cuts;
mod giving_up;
mod rule;
mod script;
mod server;
mod stopping;
